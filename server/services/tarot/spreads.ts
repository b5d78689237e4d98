import { and, eq } from 'drizzle-orm';
import type { Executor } from '#db/client.ts';
import { tarotSpreads, type NewTarotSpread, type TarotSpread } from '#db/schema/index.ts';
import type { Language } from '#server/contracts/vocabulary.ts';
import { invariant } from '#server/errors.ts';
import { holdUser } from '../users/hold-user.ts';
import { drawCards, type RandomBelow } from './draw-cards.ts';

export type { DrawnCard, TarotSpread } from '#db/schema/index.ts';

export interface SpreadAsk {
  readonly userId: number;
  /** Calendar day of the reporting time zone, `YYYY-MM-DD`. */
  readonly date: string;
  readonly language: Language;
  readonly at: Date;
}

export interface ThreeCardsAsk extends SpreadAsk {
  readonly updateId: number | null;
  readonly question: string;
}

/** The user's card of a day: drawn and stored on the first ask, the same ever after. */
export async function drawCardOfDay(db: Executor, randomBelow: RandomBelow, ask: SpreadAsk): Promise<TarotSpread> {
  const isTheSame = and(eq(tarotSpreads.userId, ask.userId), eq(tarotSpreads.date, ask.date), eq(tarotSpreads.kind, 'card_of_day'));
  const [existing] = await db.select().from(tarotSpreads).where(isTheSame);
  if (existing) return existing;
  const drawn = await insertSpread(db, {
    userId: ask.userId,
    kind: 'card_of_day',
    date: ask.date,
    cards: drawCards(1, randomBelow),
    language: ask.language,
    createdAt: ask.at,
  });
  if (drawn) return drawn;
  const [winner] = await db.select().from(tarotSpreads).where(isTheSame);
  invariant(winner, 'a conflicting card of the day exists');
  return winner;
}

/** Three cards to a question, drawn and stored once for an update: a re-delivered update finds its cards again. */
export async function drawThreeCards(db: Executor, randomBelow: RandomBelow, ask: ThreeCardsAsk): Promise<TarotSpread> {
  const drawn = await insertSpread(db, {
    userId: ask.userId,
    kind: 'three_cards',
    date: ask.date,
    updateId: ask.updateId,
    question: ask.question,
    cards: drawCards(3, randomBelow),
    language: ask.language,
    createdAt: ask.at,
  });
  if (drawn) return drawn;
  invariant(ask.updateId !== null, 'only spreads of an update can conflict');
  const [existing] = await db
    .select()
    .from(tarotSpreads)
    .where(and(eq(tarotSpreads.updateId, ask.updateId), eq(tarotSpreads.kind, 'three_cards')));
  invariant(existing, 'a conflicting spread exists');
  return existing;
}

/** A user's own spread by its id. */
export async function findSpread(db: Executor, userId: number, spreadId: number): Promise<TarotSpread | null> {
  const [spread] = await db
    .select()
    .from(tarotSpreads)
    .where(and(eq(tarotSpreads.id, spreadId), eq(tarotSpreads.userId, userId)));
  return spread ?? null;
}

/** Notes that the user has the reading. */
export async function markSpreadDelivered(db: Executor, spreadId: number, at: Date): Promise<void> {
  await db.update(tarotSpreads).set({ deliveredAt: at }).where(eq(tarotSpreads.id, spreadId));
}

async function insertSpread(db: Executor, spread: NewTarotSpread): Promise<TarotSpread | undefined> {
  return db.transaction(async (tx) => {
    await holdUser(tx, spread.userId);
    const [inserted] = await tx.insert(tarotSpreads).values(spread).onConflictDoNothing().returning();
    return inserted;
  });
}
