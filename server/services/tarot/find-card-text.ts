import { and, desc, eq, isNotNull, sql } from 'drizzle-orm';
import type { Executor } from '#db/client.ts';
import { tarotSpreads, type DrawnCard } from '#db/schema/index.ts';

/**
 * The latest text about a card of the day that lies the same way, whoever drew it: such a text is about the card alone.
 * Null when none was written in the language.
 */
export async function findCardText(db: Executor, card: DrawnCard, language: string): Promise<string | null> {
  const [row] = await db
    .select({ text: tarotSpreads.text })
    .from(tarotSpreads)
    .where(
      and(
        eq(tarotSpreads.kind, 'card_of_day'),
        eq(tarotSpreads.language, language),
        sql`${tarotSpreads.cards} = ${JSON.stringify([card])}::jsonb`,
        isNotNull(tarotSpreads.text),
      ),
    )
    .orderBy(desc(tarotSpreads.createdAt))
    .limit(1);
  return row?.text ?? null;
}
