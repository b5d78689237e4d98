import { createPeople, type CrowdMember } from '../crowd/people.ts';
import { createRandom, type Random } from '../random.ts';

/** What somebody did; `join` is a first contact, `pay` a month of premium. */
export const PAST_KINDS = ['join', 'help', 'horoscope', 'tarot_card', 'tarot_three_cards', 'natal_chart', 'pay'] as const;
export type PastKind = (typeof PAST_KINDS)[number];

export interface PastEvent {
  readonly at: Date;
  readonly member: CrowdMember;
  readonly kind: PastKind;
}

export interface HistoryPlan {
  readonly userCount: number;
  readonly days: number;
  readonly seed: number;
  /** The end of the past: nothing happens at or after it. */
  readonly until: Date;
}

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
/** How often a member of weight 1 does something on a day. */
const VISITS_PER_DAY = 2.4;
/** Share of a day's use per hour, UTC: quiet at night, most in the evening. */
const HOUR_SHARES = [2, 1, 1, 1, 2, 4, 7, 9, 8, 6, 5, 5, 6, 5, 5, 6, 7, 9, 11, 12, 11, 9, 6, 4];
/** Half of the members are there from the first day; the others come in the course of the past. */
const FOUNDERS_SHARE = 0.5;
const PAYING_SHARE = 0.15;

/** How often each kind is asked for, by what somebody comes for; relative. */
const KIND_WEIGHTS: Readonly<Record<CrowdMember['habit'], Partial<Record<PastKind, number>>>> = {
  horoscope: { horoscope: 8, tarot_card: 1, help: 1 },
  tarot: { tarot_card: 4, tarot_three_cards: 4, horoscope: 1 },
  natal: { natal_chart: 1, horoscope: 3, tarot_card: 1 },
  mixed: { horoscope: 3, tarot_card: 2, tarot_three_cards: 2, natal_chart: 1, help: 1 },
  lapsed: { horoscope: 1, help: 1 },
};

/** What the crowd of this seed did in the days before `until`, oldest first. Depends on the plan alone. */
export function planHistory(plan: HistoryPlan): PastEvent[] {
  const events = createPeople(plan.seed, plan.userCount).flatMap((member) => planMember(plan, member));
  return events.filter(({ at }) => at < plan.until).sort((a, b) => a.at.getTime() - b.at.getTime());
}

/** Telegram ids of those who met the bot in this past. */
export function findAcquainted(plan: HistoryPlan): ReadonlySet<number> {
  const met = createPeople(plan.seed, plan.userCount).filter((member) => planMember(plan, member).some(({ at }) => at < plan.until));
  return new Set(met.map(({ person }) => person.id));
}

function planMember({ seed, days, until }: HistoryPlan, member: CrowdMember): PastEvent[] {
  const random = createRandom(`${seed}/history/${member.person.id}`);
  const start = until.getTime() - days * DAY_MS;
  const joinDay = random() < FOUNDERS_SHARE ? 0 : Math.floor(random() * days);
  const events: PastEvent[] = [];
  for (let day = joinDay; day < days; day += 1) {
    for (let visits = sampleVisits(random, member.weight); visits > 0; visits -= 1) {
      const kind = events.length === 0 ? 'join' : pickKind(random, member.habit);
      events.push({ member, kind, at: new Date(start + day * DAY_MS + sampleTimeOfDayMs(random, start)) });
    }
  }
  events.sort((a, b) => a.at.getTime() - b.at.getTime());
  const first = events[0];
  if (first) events[0] = { ...first, kind: 'join' };
  return withPayment(events, random);
}

/** Somebody who comes to like it pays for a month, at one of the visits after the first. */
function withPayment(events: readonly PastEvent[], random: Random): PastEvent[] {
  const kinds = events.map((event, index) => (index > 0 && event.kind === 'join' ? { ...event, kind: 'horoscope' as const } : event));
  const visit = kinds[1 + Math.floor(random() * (kinds.length - 1))];
  if (!visit || random() >= PAYING_SHARE) return kinds;
  return [...kinds, { ...visit, kind: 'pay', at: new Date(visit.at.getTime() + 1_000) }];
}

function sampleVisits(random: Random, weight: number): number {
  const mean = VISITS_PER_DAY * weight;
  return Math.floor(mean) + (random() < mean % 1 ? 1 : 0);
}

/** An instant within the 24 hours from `startMs`, spread as the hours of the clock are used. */
function sampleTimeOfDayMs(random: Random, startMs: number): number {
  const total = HOUR_SHARES.reduce((sum, share) => sum + share, 0);
  let rest = random() * total;
  const hour = HOUR_SHARES.findIndex((share) => (rest -= share) < 0);
  const startOfDayMs = Math.floor(startMs / DAY_MS) * DAY_MS;
  const offset = startOfDayMs + Math.floor((hour + random()) * HOUR_MS) - startMs;
  return (offset + DAY_MS) % DAY_MS;
}

function pickKind(random: Random, habit: CrowdMember['habit']): PastKind {
  const weights = Object.entries(KIND_WEIGHTS[habit]);
  let rest = random() * weights.reduce((sum, [, weight]) => sum + weight, 0);
  const picked = weights.find(([, weight]) => (rest -= weight) < 0)?.[0];
  return PAST_KINDS.find((kind) => kind === picked) ?? 'horoscope';
}
