import { assertNever } from '#server/errors.ts';
import { pick, type Random } from '../random.ts';
import type { ControlMessage } from '../telegram/control-schemas.ts';
import { formatIsoDate, type CrowdMember } from './people.ts';
import { OFF_TOPIC, PLACES, QUESTIONS } from './words.ts';

type AnswerKind = 'date' | 'time' | 'place' | 'question';

/** Cues in order of trust: the first that fits wins. A date's digits are looked for before a time's. */
const CUES: readonly { readonly kind: AnswerKind; readonly pattern: RegExp }[] = [
  { kind: 'date', pattern: /\d{4}-\d{2}-\d{2}|\d{2}[./]\d{2}[./]\d{4}|дд\.мм|yyyy|гггг|\bdate\b|\bbirthday\b|дат[аеуы]|день рождения/iu },
  { kind: 'time', pattern: /\d{1,2}:\d{2}|чч:мм|hh:mm|\btime\b|врем(?:я|ени)|во сколько/iu },
  { kind: 'place', pattern: /\b(?:place|city|town|where)\b|мест[оау]|город|населённ|(?<!\p{L})где(?!\p{L})/iu },
  { kind: 'question', pattern: /\?|question|вопрос/iu },
];
/** One answer in this many is beside the point. */
const OFF_TOPIC_SHARE = 0.03;

/** What kind of answer a message asks for: by its placeholder, else by its words, else a question. */
export function guessAnswerKind(message: Pick<ControlMessage, 'placeholder' | 'text'>): AnswerKind {
  const byPlaceholder = CUES.find(({ pattern }) => pattern.test(message.placeholder ?? ''));
  const byText = CUES.find(({ pattern }) => pattern.test(message.text));
  return (byPlaceholder ?? byText)?.kind ?? 'question';
}

/**
 * What a person types when the bot asks; now and then something that does not fit. Whose birth place was not understood
 * (`lastText` is what they wrote before) names another one.
 */
export function composeAnswer(
  member: CrowdMember,
  message: Pick<ControlMessage, 'placeholder' | 'text'>,
  random: Random,
  lastText: string | null = null,
): string {
  if (random() < OFF_TOPIC_SHARE) return pick(random, OFF_TOPIC[member.language]);
  const kind = guessAnswerKind(message);
  switch (kind) {
    case 'date':
      return formatDate(member, message.placeholder ?? message.text);
    case 'time':
      return `${pad(member.birthTime.hour)}:${pad(member.birthTime.minute)}`;
    case 'place':
      return lastText === member.birthPlace ? pick(random, PLACES[member.language]) : member.birthPlace;
    case 'question':
      return pick(random, QUESTIONS[member.language]);
    default:
      return assertNever(kind);
  }
}

/** In the order that the bot shows, day first if it shows dots. */
function formatDate({ birthDate }: CrowdMember, example: string): string {
  const date = formatIsoDate(birthDate);
  const isDayFirst = /\d{2}\.\d{2}\.\d{4}|дд\.мм/iu.test(example) && !/\d{4}-\d{2}-\d{2}/u.test(example);
  return isDayFirst ? date.split('-').reverse().join('.') : date;
}

function pad(value: number): string {
  return String(value).padStart(2, '0');
}
