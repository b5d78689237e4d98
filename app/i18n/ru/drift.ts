import type { Messages } from '../messages.ts';

/** Russian texts of the comparison with the provider. */
export const drift = {
  title: 'Учёт и счёт',
  aside: 'сколько потратил наш ключ по данным OpenRouter и по нашему учёту',
  explanation:
    'Разница — это сумма OpenRouter минус сумма нашего учёта за текущие день, неделю и месяц по UTC; неделя начинается в понедельник. Обычная причина — тем же ключом пользуются где-то ещё: дайте боту отдельный ключ. В первые дни после установки разницей считается и то, на что ключ потратили раньше.',
  unsettled: 'Попытки, которые ещё идут или цена которых неизвестна, в сумму учёта не входят; оценённая цена может быть неточной. Загруженные журналы не сравниваются.',
  notConfigured: 'OpenRouter не настроен, поэтому сравнивать не с чем.',
  never: 'Ещё не сверяли. Сверка идёт каждые 15 минут.',
  measuredAt: 'Сверено',
  measure: 'Сверить сейчас',
  measuring: 'Сверяем…',
  done: 'Только что сверено.',
  refusals: {
    throttled: 'Только что сверяли. Попробуйте через десять секунд.',
    unavailable: 'OpenRouter не отвечает или не принимает ключ, поэтому сверки не было. Что именно, видно по проверке OpenRouter.',
  },
  periods: { day: 'Сегодня', week: 'Эта неделя', month: 'Этот месяц' },
  columns: {
    period: 'Период',
    since: 'Начало',
    ledger: 'Наш учёт',
    provider: 'По данным OpenRouter',
    difference: 'Разница',
    reserved: 'Ещё идут',
    unknown: 'Цена неизвестна',
    estimated: 'Цена оценена',
  },
  history: { title: 'Прежние сверки', at: 'Сверено', day: 'День', week: 'Неделя', month: 'Месяц' },
  unmatched: {
    title: 'Попытки этого месяца без цены от OpenRouter',
    none: 'Цены всех попыток этого месяца назвал OpenRouter.',
    cut: 'Показаны последние {{shown}} из {{total}}.',
    columns: { startedAt: 'Начало', operation: 'Операция', model: 'Модель', status: 'Состояние', source: 'Источник', cost: 'Цена' },
  },
  activity: {
    title: 'Расход по дням и моделям',
    note: 'Расход всей учётной записи, всех её ключей вместе, за завершённые дни по UTC; сверяется раз в день за последние 30 дней, какой бы период ни был выбран.',
    cut: 'Показаны последние {{shown}} из {{total}}.',
    columns: { date: 'День', model: 'Модель', ledgerCount: 'Наши обращения', providerCount: 'Обращения у OpenRouter' },
  },
} as const satisfies Messages['drift'];
