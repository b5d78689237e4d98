import { findInteraction, listAttempts, listCorrections } from '#db/queries/generations.ts';
import type { AiCostCorrection, AiUsage } from '#db/schema/index.ts';
import type { GenerationAttempt, GenerationStory, GetGenerationInput } from '#server/contracts/generations.ts';
import { AppError } from '#server/errors.ts';
import { compareUsd, sumUsd, toLedgerUsd } from '#server/lib/money.ts';
import type { ReportDeps } from './report-kit.ts';

/** The whole story of one generation, read from one snapshot. Throws `AppError` `not_found` for an id that is not in the ledger. */
export async function getGeneration({ db, clock, reportingTimeZone }: ReportDeps, { requestId }: GetGenerationInput): Promise<GenerationStory> {
  const { attempts, corrections, interaction } = await db.transaction(
    async (tx) => {
      const rows = await listAttempts(tx, requestId);
      const asked = rows.find((row) => row.updateId !== null && row.userId !== null);
      return {
        attempts: rows,
        corrections: rows.length === 0 ? [] : await listCorrections(tx, rows.map((row) => row.requestId)),
        interaction:
          asked?.updateId == null || asked.userId === null
            ? null
            : await findInteraction(tx, { updateId: asked.updateId, userId: asked.userId, since: asked.startedAt }),
      };
    },
    { isolationLevel: 'repeatable read', accessMode: 'read only' },
  );
  const [first] = attempts;
  if (!first) throw new AppError('not_found', 'There is no generation with this id.');
  const totalUsd = toLedgerUsd(sumUsd(attempts.flatMap((row) => row.costUsd ?? [])));
  return {
    requestId,
    askId: first.askId,
    timeZone: reportingTimeZone,
    generatedAt: clock.now().toISOString(),
    totalUsd,
    openCount: attempts.filter(isOpen).length,
    attempts: attempts.map((row) => toAttempt(row, corrections.filter((each) => each.requestId === row.requestId))),
    updateId: attempts.find((row) => row.updateId !== null)?.updateId ?? null,
    interaction: interaction && {
      at: interaction.at.toISOString(),
      handler: interaction.handler,
      outcome: interaction.outcome,
      errorType: interaction.errorType,
      readingSource: interaction.readingSource,
      durationMs: interaction.durationMs,
      updateAgeMs: interaction.updateAgeMs,
    },
    outcome: outcomeOf(attempts, totalUsd),
  };
}

const isOpen = ({ status }: AiUsage) => status === 'reserved' || status === 'unknown';

function outcomeOf(attempts: readonly AiUsage[], totalUsd: string): GenerationStory['outcome'] {
  if (attempts.some((row) => row.disposition === 'delivered')) return 'delivered';
  if (attempts.some(isOpen)) return 'open';
  return compareUsd(totalUsd, 0) > 0 ? 'wasted' : 'void';
}

function toAttempt({ askId: _askId, ...row }: AiUsage, corrections: readonly AiCostCorrection[]): GenerationAttempt {
  const instant = (at: Date | null) => at?.toISOString() ?? null;
  return {
    ...row,
    startedAt: row.startedAt.toISOString(),
    finishedAt: instant(row.finishedAt),
    leaseUntil: instant(row.leaseUntil),
    nextLookupAt: instant(row.nextLookupAt),
    corrections: corrections.map(({ oldCostUsd, newCostUsd, oldSource, newSource, at }) => ({
      oldUsd: oldCostUsd,
      newUsd: newCostUsd,
      oldSource,
      newSource,
      at: at.toISOString(),
    })),
  };
}
