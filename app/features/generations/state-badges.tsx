import type { Disposition, GenerationStatus } from '#server/contracts/vocabulary.ts';
import { Badge, type BadgeTone } from '../../components/badge.tsx';
import { Unknown } from '../../components/unknown.tsx';
import { useVocabulary } from '../../lib/use-vocabulary.ts';

const STATUS_TONES: Record<GenerationStatus, BadgeTone> = { settled: 'good', reserved: 'plain', void: 'plain', unknown: 'warning' };
const DISPOSITION_TONES: Record<Disposition, BadgeTone> = { delivered: 'good', rejected: 'bad', superseded: 'warning', undelivered: 'warning' };

export function StatusBadge({ status }: { status: GenerationStatus }) {
  const words = useVocabulary();
  return <Badge tone={STATUS_TONES[status]}>{words.status(status)}</Badge>;
}

export function DispositionBadge({ disposition }: { disposition: Disposition | null }) {
  const words = useVocabulary();
  return disposition === null ? <Unknown /> : <Badge tone={DISPOSITION_TONES[disposition]}>{words.disposition(disposition)}</Badge>;
}
