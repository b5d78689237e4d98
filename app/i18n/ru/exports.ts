import type { Messages } from '../messages.ts';

/** Russian texts of exports. */
export const exportTexts = {
  label: 'Выгрузка',
  all: 'Все отчёты (zip)',
  names: { csv: '{{what}} в виде CSV', json: '{{what}} в виде JSON' },
  rows: {
    ledger: 'Все попытки за этот период с этими фильтрами (CSV)',
    interactions: 'Все взаимодействия за этот период (CSV)',
    'health-samples': 'Все замеры проверок за этот период (CSV)',
  },
  progress: {
    label: 'Получено строк',
    ofTotal: 'строк: {{rows}} из {{total}}',
    soFar: 'строк получено: {{rows}}',
    done: 'Сохранено, строк: {{rows}}.',
    failed: 'Выгрузка оборвалась, строк получено: {{rows}}. Ничего не сохранено, попробуйте ещё раз.',
    canceled: 'Отменено, строк получено: {{rows}}. Ничего не сохранено.',
    cancel: 'Отменить',
  },
  refused: {
    title: 'Такая выгрузка невозможна',
    unknown: 'Такой выгрузки нет.',
    tooMany: 'Сейчас идёт слишком много выгрузок. Попробуйте, когда одна из них закончится.',
    unavailable: 'База данных сейчас не отвечает. Попробуйте чуть позже.',
    reasons: {
      duplicate: 'указан больше одного раза.',
      unknown_format: 'не тот формат, в котором это можно выгрузить.',
      unknown_table: 'такой таблицы в этом отчёте нет.',
      other: 'недопустимое значение.',
    },
  },
} as const satisfies Messages['exports'];
