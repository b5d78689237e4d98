import type { Messages } from '../messages.ts';

/** Russian words for the closed sets of the ledger. */
export const vocabulary = {
  none: 'нет',
  notKnown: 'неизвестно',
  statuses: { reserved: 'зарезервирован', settled: 'оплачен', void: 'не оплачивается', unknown: 'неизвестно' },
  dispositions: { delivered: 'доставлен', rejected: 'отклонён', superseded: 'заменён', undelivered: 'не доставлен', none: 'нет текста' },
  errorTypes: {
    timeout: 'время вышло',
    connection: 'нет связи',
    rate_limited: 'слишком часто',
    payment_required: 'средства кончились',
    unauthorized: 'ключ отклонён',
    forbidden: 'запрещено',
    bad_request: 'неверный запрос',
    not_found: 'модель не найдена',
    provider_error: 'сбой провайдера',
    error_in_body: 'ошибка в ответе',
    invalid_response: 'нечитаемый ответ',
    empty_response: 'пустой ответ',
    cut_off: 'ответ обрезан',
    too_short: 'слишком короткий',
    wrong_language: 'не тот язык',
    refused: 'модель отказалась',
    circuit_open: 'не спрошена: подряд сбои',
    interrupted: 'прервано',
    none: 'без ошибки',
  },
  costSources: { billed: 'по счёту', lookup: 'по запросу', estimated: 'по оценке', none: 'без цены' },
  plans: { free: 'бесплатный', premium: 'премиум' },
} as const satisfies Messages['vocabulary'];
