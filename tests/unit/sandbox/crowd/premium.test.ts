import { describe, expect, test } from 'vitest';
import { decideAction, findOffer, hasPremium } from '#server/sandbox/crowd/decide.ts';
import { createPeople, type CrowdMember } from '#server/sandbox/crowd/people.ts';
import { createRandom } from '#server/sandbox/random.ts';
import type { ControlChat, ControlMessage } from '#server/sandbox/telegram/control-schemas.ts';

const answered = { answeredSince: true, idleMs: 10_000, knowsBot: true, today: '2026-11-24' };
const member: CrowdMember = { ...(createPeople(1, 1)[0] ?? failed()), habit: 'mixed' };

function failed(): never {
  throw new Error('the crowd is empty');
}

function message(messageId: number, more: Partial<ControlMessage> = {}): ControlMessage {
  const sent = { from: 'bot', text: '', html: null, sentAt: '2026-11-24T00:00:00.000Z', editedAt: null } as const;
  return { messageId, sequence: messageId, buttons: [], replyToMessageId: null, isForceReply: false, placeholder: null, ...sent, ...more };
}

function chat(...messages: ControlMessage[]): ControlChat {
  return { sequence: 1, isTyping: false, isBlocked: false, draft: null, messages };
}

type Status = NonNullable<ControlMessage['invoice']>['status'];
const invoice = (status: Status) => message(3, { invoice: { title: 'Premium', description: 'A month', stars: 250, status, errorMessage: null } });
const paid = message(4, { from: 'user', payment: { kind: 'paid', stars: 250, chargeId: 'x' } });
const reading = message(5, { text: 'The Sun shines on you.' });

/** What is done at a look, in shares of many looks. */
function sharesOf(seen: ControlChat, memory: object = {}): (kind: string) => number {
  const looks = 5_000;
  const kinds = Array.from({ length: looks }, (_, seed) => {
    const action = decideAction(member, seen, { ...answered, ...memory }, createRandom(seed));
    return action.kind === 'write' && action.text === '/premium' ? 'premium' : action.kind;
  });
  return (kind) => kinds.filter((each) => each === kind).length / looks;
}

describe('premium', () => {
  test('is asked for at about one command in a hundred', () => {
    expect(sharesOf(chat(reading))('premium')).toBeCloseTo(0.01, 2);
  });

  test('is not asked for by who has bought it, as far as the chat shows', () => {
    expect(hasPremium(chat(paid, reading))).toBe(true);
    expect(sharesOf(chat(paid, reading), { wantsPremium: true })('premium')).toBe(0);
  });

  test('is paid by most who see the invoice, and by all who had made up their minds', () => {
    expect(sharesOf(chat(invoice('open')))('pay')).toBeCloseTo(0.6, 1);
    expect(sharesOf(chat(invoice('open')), { wantsPremium: true })('pay')).toBe(1);
    expect(decideAction(member, chat(invoice('open')), { ...answered, wantsPremium: true }, () => 0.5)).toEqual({ kind: 'pay', messageId: 3 });
  });

  test.each(['checking', 'refused', 'timed_out', 'paid'] as const)('is not paid by an invoice that is %s', (status) => {
    expect(findOffer(chat(invoice(status)))).toBeNull();
    expect(sharesOf(chat(invoice(status)), { wantsPremium: true })('pay')).toBe(0);
  });

  test('is wanted by nobody who is asked something first', () => {
    const question = message(6, { text: 'Date?', isForceReply: true, placeholder: '1990-05-17' });
    expect(sharesOf(chat(question), { wantsPremium: true })('premium')).toBeLessThan(0.1);
  });
});
