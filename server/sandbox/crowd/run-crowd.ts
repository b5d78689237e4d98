import { describeError } from '#server/errors.ts';
import { sleep } from '#server/lib/sleep.ts';
import type { Random } from '../random.ts';
import type { ControlClient } from '../telegram/control-client.ts';
import { sampleArrivalGap } from '../trace-shape.ts';
import { decideAction, findOffer, type Action, type Memory } from './decide.ts';
import type { CrowdMember } from './people.ts';

/** What the crowd works with. */
export interface CrowdDeps {
  readonly client: ControlClient;
  readonly members: readonly CrowdMember[];
  /** Those who used the bot before their chat was kept. */
  readonly isAcquainted: (member: CrowdMember) => boolean;
  readonly random: Random;
  /** Mean time between two actions of the whole crowd. */
  readonly meanGapMs: number;
  /** Told of what failed: the stand-in may be restarting. */
  onFailure(description: string): void;
}

/** A crowd at work. */
export interface RunningCrowd {
  actionCount(): number;
  /** Resolves when the last action has ended. May be called again. */
  stop(): Promise<void>;
}

interface Visitor {
  readonly member: CrowdMember;
  /** Actions left in this visit; 0 when away. */
  stepsLeft: number;
  actedAtMs: number;
  /** The chat's sequence when the last action was taken: what the bot wrote later is its answer. */
  sequenceAtAction: number;
}

/** At one message each 4 s for 40 people there are a few readings a minute: most messages lead to none, or to one that is stored. */
const GAP_PER_PERSON_MS = 160_000;
/** Whoever waited for the bot to come up comes at once: this many actions, at a fraction of the usual gap. */
const OPENING_ACTIONS = 15;
const OPENING_GAP_SHARE = 1 / 3;
/** How many actions a visit has at most: enough for a natal chart and a look around. */
const STEPS_PER_VISIT_MAX = 6;
/** Who is being talked to goes on, rather than that somebody else comes. */
const GO_ON_SHARE = 0.7;
/** Nobody types faster than this. */
const REACTION_MS = 2_000;
/** When the chosen person only waits, others are asked. */
const TRIES_PER_ARRIVAL = 6;

/** The mean gap of a crowd; `rateScale` 2 means twice as busy. */
export function meanGapMsOf(userCount: number, rateScale: number): number {
  return GAP_PER_PERSON_MS / userCount / rateScale;
}

/** Sets the crowd to work: the first action at once, the next at gaps of the real trace's shape, close together in the beginning. */
export function startCrowd(deps: CrowdDeps): RunningCrowd {
  const visitors = deps.members.map((member): Visitor => ({ member, stepsLeft: 0, actedAtMs: 0, sequenceAtAction: 0 }));
  const ending = new AbortController();
  let actionCount = 0;
  let hasSold = false;
  const loop = async (): Promise<void> => {
    while (!ending.signal.aborted) {
      try {
        const kind = await takeTurn(deps, visitors, { wantsPremium: !hasSold && actionCount >= OPENING_ACTIONS });
        if (kind !== 'wait') actionCount += 1;
        if (kind === 'pay') hasSold = true;
      } catch (error) {
        deps.onFailure(describeError(error));
      }
      const pace = actionCount < OPENING_ACTIONS ? OPENING_GAP_SHARE : 1;
      await sleep(pace * deps.meanGapMs * sampleArrivalGap(deps.random), ending.signal);
    }
  };
  const running = loop();
  return {
    actionCount: () => actionCount,
    stop: () => {
      ending.abort();
      return running;
    },
  };
}

/** What moves everybody: until the first has bought premium, whoever has nothing else to do wants it, so that every start sees a sale soon. */
type Mood = Pick<Memory, 'wantsPremium'>;

/** Lets one person act; `wait` when all that were asked only wait. */
async function takeTurn(deps: CrowdDeps, visitors: readonly Visitor[], mood: Mood): Promise<Action['kind']> {
  for (let attempt = 0; attempt < TRIES_PER_ARRIVAL; attempt += 1) {
    const visitor = chooseVisitor(visitors, deps.random);
    const kind = visitor ? await act(deps, visitor, mood) : 'wait';
    if (kind !== 'wait') return kind;
  }
  return 'wait';
}

/** Somebody in the middle of a visit, or somebody new by weight. */
function chooseVisitor(visitors: readonly Visitor[], random: Random): Visitor | null {
  const present = visitors.filter(({ stepsLeft, actedAtMs }) => stepsLeft > 0 && Date.now() - actedAtMs >= REACTION_MS);
  if (present.length > 0 && random() < GO_ON_SHARE) return present[Math.floor(random() * present.length)] ?? null;
  const away = visitors.filter(({ stepsLeft }) => stepsLeft === 0);
  let rest = random() * away.reduce((sum, { member }) => sum + member.weight, 0);
  return away.find(({ member }) => (rest -= member.weight) < 0) ?? away.at(-1) ?? present[0] ?? null;
}

async function act({ client, random, isAcquainted }: CrowdDeps, visitor: Visitor, mood: Mood): Promise<Action['kind']> {
  const { member } = visitor;
  const chat = await client.readChat(member.person.id);
  const answeredSince =
    visitor.actedAtMs === 0 || chat.messages.some(({ from, sequence }) => from === 'bot' && sequence > visitor.sequenceAtAction);
  if (answeredSince && visitor.stepsLeft > 0 && !findOffer(chat)) {
    visitor.stepsLeft = 0;
    return 'wait';
  }
  const today = new Date().toISOString().slice(0, 10);
  const memory = { answeredSince, idleMs: Date.now() - visitor.actedAtMs, knowsBot: isAcquainted(member), today, ...mood };
  const action = decideAction(member, chat, memory, random);
  if (action.kind === 'wait') return 'wait';
  await perform(client, member, action);
  Object.assign(visitor, {
    stepsLeft: action.kind === 'block' ? 0 : (visitor.stepsLeft || STEPS_PER_VISIT_MAX) - 1,
    actedAtMs: Date.now(),
    sequenceAtAction: chat.sequence,
  });
  return action.kind;
}

async function perform(client: ControlClient, { person }: CrowdMember, action: Action): Promise<void> {
  const who = { chatId: person.id, from: person };
  switch (action.kind) {
    case 'write':
      await client.sendMessage({ ...who, text: action.text });
      return;
    case 'press':
      await client.pressButton({ ...who, messageId: action.messageId, data: action.data });
      return;
    case 'pay':
      await client.payInvoice({ ...who, messageId: action.messageId });
      return;
    case 'block':
      await client.changeMember({ ...who, isBlocked: true });
      return;
    case 'return':
      await client.changeMember({ ...who, isBlocked: false });
      await client.sendMessage({ ...who, text: '/start' });
      return;
    case 'wait':
      return;
  }
}
