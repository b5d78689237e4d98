import type { Database } from '#db/client.ts';
import { createRunAttempts } from '#server/ai/run-attempts.ts';
import type { LlmClient, LlmOutcome } from '#server/ai/types.ts';
import { horoscopeReading } from '#server/bot/readings/horoscope-reading.ts';
import { natalReading, openNatalChart } from '#server/bot/readings/natal-reading.ts';
import { openCardOfDay, openThreeCards, spreadReading } from '#server/bot/readings/tarot-reading.ts';
import type { ReadingDeps } from '#server/bot/readings/types.ts';
import type { BotHandler, Operation } from '#server/contracts/vocabulary.ts';
import { createPastLlm } from '#server/sandbox/history/past-llm.ts';
import type { PastEvent, PastKind } from '#server/sandbox/history/plan-history.ts';
import type { NewJournalEntry } from '#server/sandbox/openrouter/journal-entry.ts';
import { createRandom } from '#server/sandbox/random.ts';
import { recordInteraction } from '#server/services/activity/record-interaction.ts';
import { markGenerationDelivered } from '#server/services/generations/mark-generation-delivered.ts';
import type { GenerationResult } from '#server/services/generations/types.ts';
import { birthDataOf } from '#server/services/natal/birth-data-of.ts';
import type { PremiumPrice } from '#server/services/payments/types.ts';
import { findPlaces } from '#server/services/places/find-places.ts';
import { timeZoneOf } from '#server/services/places/time-zone-of.ts';
import type { User } from '#server/services/users/types.ts';
import { updateUser } from '#server/services/users/update-user.ts';
import { upsertUser } from '#server/services/users/upsert-users.ts';
import { zodiacSignOf } from '#server/contracts/zodiac.ts';
import type { Clock } from '../lib/clock.ts';
import type { Logger } from '../lib/logger.ts';
import { buyPremium } from './past-premium.ts';

export interface PastUseDeps {
  readonly db: Database;
  readonly llm: LlmClient;
  readonly models: ReadingDeps['generations']['models'];
  readonly reportingTimeZone: string;
  readonly pseudonymSecret: string;
  readonly seed: number;
  readonly price: PremiumPrice;
  readonly logger: Logger;
  /** Shared by all that happens at the same time: a horoscope is written once. */
  readonly flights: ReadingDeps['horoscopeFlights'];
  /** Shared likewise: how often each thing was asked of a model. */
  readonly askedCounts: Map<string, number>;
  readonly onBilled: (entry: NewJournalEntry) => void;
}

const HANDLERS: Record<PastKind, BotHandler> = {
  pay: 'premium', join: 'start', help: 'help', horoscope: 'horoscope', tarot_card: 'tarot', tarot_three_cards: 'tarot', natal_chart: 'natal',
};
/** What the program itself takes for an update, and Telegram for delivering it. */
const OWN_DURATION_MS = 60;
const DELIVERY_MS = 150;

/** Makes the events of a past happen, one after the other, each at its own time. */
export class PastUse {
  readonly #deps: PastUseDeps;
  readonly #readings: ReadingDeps;
  #now = new Date(0);

  constructor(deps: PastUseDeps) {
    this.#deps = deps;
    const clock: Clock = { now: () => this.#now };
    const past = createPastLlm({ seed: deps.seed, askedCounts: deps.askedCounts, at: () => this.#now, onBilled: deps.onBilled });
    const random = createRandom(`${deps.seed}/cards`);
    const generate: LlmClient['generate'] = async (request) => {
      const outcome: LlmOutcome = past.generate(request);
      this.#now = new Date(this.#now.getTime() + outcome.durationMs);
      return outcome;
    };
    const wait = async (durationMs: number) => void (this.#now = new Date(this.#now.getTime() + durationMs));
    const run = createRunAttempts({ generate, sleep: wait, random: createRandom(`${deps.seed}/retries`) });
    this.#readings = {
      generations: { ...deps, clock, llm: { ...deps.llm, generate, run }, onGenerationFinished: () => undefined },
      horoscopeFlights: deps.flights,
      randomBelow: (below) => Math.floor(random() * below),
      reportingTimeZone: deps.reportingTimeZone,
    };
  }

  /** Carries out one event. Events must come in the order of their times. */
  async happen({ at, member, kind }: PastEvent): Promise<void> {
    const { db } = this.#deps;
    this.#now = at;
    const user = await upsertUser(db, { telegramUserId: member.person.id, languageCode: member.person.languageCode ?? null, source: null, at });
    if (kind === 'pay') await buyPremium(db, { userId: user.id, at, price: this.#deps.price });
    const known = kind === 'join' ? await this.#introduce(user, member) : user;
    const result = await this.#read(known, kind, at, member);
    const durationMs = this.#now.getTime() - at.getTime() + OWN_DURATION_MS;
    if (result?.status === 'answered') await markGenerationDelivered(db, result.requestId);
    await recordInteraction(db, {
      at: new Date(at.getTime() + durationMs),
      updateId: null,
      userId: user.id,
      handler: HANDLERS[kind],
      operation: result ? operationOf(kind) : null,
      outcome: result?.status === 'failed' ? 'failed' : 'ok',
      errorType: result?.status === 'failed' ? 'ai_failed' : null,
      readingSource: result?.status === 'answered' ? result.source : null,
      durationMs,
      updateAgeMs: durationMs + DELIVERY_MS,
    });
  }

  async #introduce(user: User, { birthDate, birthTime, birthPlace, habit }: PastEvent['member']): Promise<User> {
    const two = (value: number) => String(value).padStart(2, '0');
    const date = `${birthDate.year}-${two(birthDate.month)}-${two(birthDate.day)}`;
    const sign = { birthDate: date, zodiacSign: zodiacSignOf(date) };
    const [place] = habit === 'natal' || habit === 'mixed' ? await findPlaces(birthPlace) : [];
    if (!place) return updateUser(this.#deps.db, user.id, sign);
    return updateUser(this.#deps.db, user.id, {
      ...sign,
      birthTime: `${two(birthTime.hour)}:${two(birthTime.minute)}`,
      birthPlace: place.name,
      birthLatitude: place.latitude,
      birthLongitude: place.longitude,
      birthTimeZone: await timeZoneOf(place.latitude, place.longitude),
    });
  }

  async #read(user: User, kind: PastKind, at: Date, { birthDate }: PastEvent['member']): Promise<GenerationResult | null> {
    const ask = { user, at, updateId: null };
    switch (kind) {
      case 'horoscope':
        return horoscopeReading(this.#readings, { ...ask, sign: zodiacSignOf(user.birthDate ?? `${birthDate.year}-01-01`) });
      case 'tarot_card':
        return spreadReading(this.#readings, { ...ask, spread: await openCardOfDay(this.#readings, ask) });
      case 'tarot_three_cards':
        return spreadReading(this.#readings, { ...ask, spread: await openThreeCards(this.#readings, { ...ask, question: QUESTIONS[user.language] }) });
      case 'natal_chart': {
        const birth = birthDataOf(user);
        return birth ? natalReading(this.#readings, { ...ask, birth, chart: await openNatalChart(this.#readings, { ...ask, birth }) }) : null;
      }
      case 'join':
      case 'help':
      case 'pay':
        return null;
    }
  }
}

const QUESTIONS = { en: 'What should I pay attention to this week?', ru: 'На что мне обратить внимание на этой неделе?' };

function operationOf(kind: PastKind): Operation | null {
  return kind === 'horoscope' || kind === 'tarot_card' || kind === 'tarot_three_cards' || kind === 'natal_chart' ? kind : null;
}
