import { createDice, pick } from './dice.ts';
import { personOf } from './person-of.ts';
import type { Past } from './load-people.ts';

const HANDLERS = { tarot: 34, horoscope: 26, other: 14, natal: 8, start: 6, help: 6, premium: 5, chat_member: 1 };
const ERRORS = { telegram_failed: 40, user_blocked: 25, internal: 20, database_failed: 15 };
const READING_ERRORS = { ai_failed: 70, telegram_failed: 14, user_blocked: 8, internal: 5, database_failed: 3 };
const READING_SHARE = 0.75;
const FAILED_SHARE = 0.015;
const LIMITED_SHARE = 0.003;
const STORE_SHARE = 0.25;
const READING_MEDIAN_MS = 10_500;
const PLAIN_MEDIAN_MS = 140;
const SPREAD = 0.6;

/** The statement that lays down the interactions of the hours from `$1` to before `$2`; each new user's first one is a `/start`. */
export function interactionsStatement({ userCount, seed }: Past): string {
  const { roll, normal } = createDice(seed + 500);
  // The sittings, and so who is there when, are those of the ledger.
  const person = personOf({ roll: createDice(seed).roll, userCount });
  return `
    insert into interactions (at, user_id, handler, operation, outcome, error_type, reading_source, duration_ms, update_age_ms)
    select at, user_id, handler, operation, outcome,
      case when outcome = 'failed' then case when operation is null then ${pick('error_dice', ERRORS)} else ${pick('error_dice', READING_ERRORS)} end end,
      case when operation is not null and outcome = 'ok' then case when is_stored then 'store' else 'model' end end, duration_ms, duration_ms + delay_ms
    from (
      select *, (case when operation is null or is_stored then ${PLAIN_MEDIAN_MS} else ${READING_MEDIAN_MS} end * exp(${SPREAD} * bell))::int as duration_ms
      from (
        select at, ${person} as user_id, handler, bell, error_dice, 150 + floor(300 * error_dice)::int as delay_ms, store_dice < ${STORE_SHARE} as is_stored,
          case when outcome_dice < ${FAILED_SHARE} then 'failed'
            when outcome_dice < ${FAILED_SHARE + LIMITED_SHARE} and handler in ('tarot', 'horoscope', 'natal') then 'limited' else 'ok' end as outcome,
          case when reading_dice < ${READING_SHARE} then case handler when 'horoscope' then 'horoscope' when 'natal' then 'natal_chart'
            when 'tarot' then case when kind_dice < 0.6 then 'tarot_card' else 'tarot_three_cards' end end end as operation
        from (
          select at, sitting, known_user_count, ${pick('handler_dice', HANDLERS)} as handler, bell, error_dice, outcome_dice, reading_dice, kind_dice, store_dice
          from (
            select at, sitting, known_user_count, ${normal('n', 21)} as bell, ${roll('n', 1)} as handler_dice, ${roll('n', 2)} as error_dice,
              ${roll('n', 3)} as outcome_dice, ${roll('n', 4)} as reading_dice, ${roll('n', 5)} as kind_dice, ${roll('n', 6)} as store_dice
            from (
              select index * 1000000::bigint + p as n, index * 1000000::bigint + p % sitting_count as sitting, known_user_count,
                starts_at + floor((p + ${roll('index * 1000000::bigint + p', 20)}) * 3600000 / interaction_count)::int * interval '1 ms' as at
              from bench_load.hours, generate_series(0, interaction_count - 1) p where index >= $1 and index < $2 offset 0) event
            offset 0) diced
          offset 0) chosen
        offset 0) met
      offset 0) entry
    union all
    select created_at + interval '1 second', id, 'start', null, 'ok', null, null, 120, 400
    from bench_load.hours join bench_load.people on id > known_user_count and id <= next_known_user_count where index >= $1 and index < $2`;
}
