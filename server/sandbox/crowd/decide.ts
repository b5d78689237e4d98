import { pick, type Random } from '../random.ts';
import type { ControlChat, ControlMessage } from '../telegram/control-schemas.ts';
import { composeAnswer } from './answer.ts';
import { chooseButton, findButtons } from './choose-button.ts';
import type { CrowdMember, Habit } from './people.ts';
import { QUESTIONS } from './words.ts';

/** What a person does next. */
export type Action =
  | { readonly kind: 'write'; readonly text: string }
  | { readonly kind: 'press'; readonly messageId: number; readonly data: string }
  | { readonly kind: 'pay'; readonly messageId: number }
  | { readonly kind: 'block' }
  | { readonly kind: 'return' }
  | { readonly kind: 'wait' };

const COMMANDS = ['/horoscope', '/tarot', '/natal', '/help'] as const;
type Command = (typeof COMMANDS)[number];

/** How often each command is given by people of a habit; shares add up to 1. */
const COMMAND_SHARES: Readonly<Record<Habit, Readonly<Record<Command, number>>>> = {
  horoscope: { '/horoscope': 0.8, '/tarot': 0.13, '/natal': 0.04, '/help': 0.03 },
  tarot: { '/horoscope': 0.12, '/tarot': 0.82, '/natal': 0.04, '/help': 0.02 },
  natal: { '/horoscope': 0.15, '/tarot': 0.1, '/natal': 0.7, '/help': 0.05 },
  mixed: { '/horoscope': 0.35, '/tarot': 0.45, '/natal': 0.15, '/help': 0.05 },
  lapsed: { '/horoscope': 0.5, '/tarot': 0.3, '/natal': 0.1, '/help': 0.1 },
};
/** How often somebody presses a button that is offered rather than giving a command. */
const PRESS_SHARE = 0.85;
/** How often somebody answers a question rather than giving a command. */
const ANSWER_SHARE = 0.93;
/** How often the question to the cards comes with the command. */
const DIRECT_QUESTION_SHARE = 0.4;
/** How often somebody who lapsed and has had an answer blocks the bot, and how often a visit brings them back. */
const BLOCK_SHARE = 0.25;
const RETURN_SHARE = 0.3;
/** How often somebody asks for premium rather than for a reading, and how often who sees the invoice pays it. */
const PREMIUM_SHARE = 0.01;
const PAY_SHARE = 0.6;
/** An unanswered person asks again after this time. */
export const PATIENCE_MS = 90_000;

const WAIT: Action = { kind: 'wait' };

/** What a person remembers on looking at the chat. */
export interface Memory {
  /** False while the bot owes an answer to the last action. */
  readonly answeredSince: boolean;
  /** How long ago the last action was. */
  readonly idleMs: number;
  /** From before this chat was kept: nobody who knows the bot begins with /start again. */
  readonly knowsBot: boolean;
  /** `YYYY-MM-DD`, UTC, as the times of messages are. */
  readonly today: string;
  /** Has made up their mind to buy premium. */
  readonly wantsPremium?: boolean;
}

/** The last message of a chat if it asks for something: an answer, or one of its buttons. */
export function findOffer(chat: Pick<ControlChat, 'messages'>): ControlMessage | null {
  const last = chat.messages.at(-1);
  return last?.from === 'bot' && (last.isForceReply || findButtons(last).length > 0 || last.invoice?.status === 'open') ? last : null;
}

/**
 * What a person does on looking at the chat: waits while the bot works, answers what it asks, presses what it offers, else
 * gives the command that they come for.
 */
export function decideAction(member: CrowdMember, chat: ControlChat, memory: Memory, random: Random): Action {
  if (chat.isBlocked) return random() < RETURN_SHARE ? { kind: 'return' } : WAIT;
  if (chat.messages.length === 0 && !memory.knowsBot) return { kind: 'write', text: '/start' };
  if (!memory.answeredSince && memory.idleMs < PATIENCE_MS) return WAIT;
  if (chat.isTyping) return WAIT;
  const offer = findOffer(chat);
  if (offer?.isForceReply && random() < ANSWER_SHARE) {
    const lastText = chat.messages.findLast(({ from }) => from === 'user')?.text ?? null;
    return { kind: 'write', text: composeAnswer(member, offer, random, lastText) };
  }
  if (offer?.invoice && (memory.wantsPremium || random() < PAY_SHARE)) return { kind: 'pay', messageId: offer.messageId };
  const buttons = offer ? findButtons(offer) : [];
  const button = buttons.length > 0 && random() < PRESS_SHARE ? chooseButton(member, buttons, random) : null;
  if (offer && button) return { kind: 'press', messageId: offer.messageId, data: button.callbackData };
  if (member.habit === 'lapsed' && random() < BLOCK_SHARE) return { kind: 'block' };
  if (!hasPremium(chat) && (memory.wantsPremium || random() < PREMIUM_SHARE)) return { kind: 'write', text: '/premium' };
  return { kind: 'write', text: composeCommand(member, pickCommand(member.habit, chat.messages, memory.today, random), random) };
}

/** Whether somebody has bought premium, as far as their chat shows. */
export function hasPremium({ messages }: Pick<ControlChat, 'messages'>): boolean {
  return messages.some(({ payment }) => payment?.kind === 'paid');
}

/** Who knows what to ask the cards writes it behind the command. */
function composeCommand(member: CrowdMember, command: Command, random: Random): string {
  return command === '/tarot' && random() < DIRECT_QUESTION_SHARE ? `${command} ${pick(random, QUESTIONS[member.language])}` : command;
}

/** A chart is drawn once and a horoscope read once a day: who has asked for it gives another command. */
function pickCommand(habit: Habit, messages: readonly ControlMessage[], today: string, random: Random): Command {
  const asked = messages.filter(({ from }) => from === 'user');
  const hasChart = asked.some(({ text }) => text.startsWith('/natal'));
  const hasHoroscope = asked.some(({ text, sentAt }) => text.startsWith('/horoscope') && sentAt.startsWith(today));
  const commands = COMMANDS.filter((command) => !(command === '/natal' && hasChart) && !(command === '/horoscope' && hasHoroscope));
  const shares = COMMAND_SHARES[habit];
  let rest = random() * commands.reduce((sum, command) => sum + shares[command], 0);
  return commands.find((command) => (rest -= shares[command]) < 0) ?? '/tarot';
}
