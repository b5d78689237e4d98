import type { Language } from '#server/contracts/vocabulary.ts';
import { localInstant } from './local-instant.ts';
import type { ExportSpan } from './types.ts';

export interface ReadMeInput {
  readonly span: ExportSpan;
  readonly madeAt: Date;
  readonly fileNames: readonly string[];
  readonly language: Language;
}

interface Words {
  readonly title: string;
  readonly from: string;
  readonly to: string;
  readonly timeZone: string;
  readonly madeAt: string;
  readonly files: string;
  readonly notes: readonly string[];
}

const WORDS: Readonly<Record<Language, Words>> = {
  en: {
    title: 'AdtroBot: all reports of a range',
    from: 'From',
    to: 'To (not included)',
    timeZone: 'Time zone of days',
    madeAt: 'Made at',
    files: 'Files',
    notes: [
      'CSV files are UTF-8 with commas; amounts are exact decimals of US dollars with a point. An empty cell is "not known" or "not defined", never zero.',
      'Text that a spreadsheet program would take for a formula begins with an apostrophe.',
      'JSON files hold the reports as the program gives them; instants in them are UTC.',
    ],
  },
  ru: {
    title: 'AdtroBot: все отчёты за период',
    from: 'С',
    to: 'По (не включая)',
    timeZone: 'Часовой пояс суток',
    madeAt: 'Составлено',
    files: 'Файлы',
    notes: [
      'Файлы CSV: UTF-8, запятые; суммы — точные десятичные дроби в долларах США, с точкой. Пустая ячейка — «неизвестно» или «не определено», но не ноль.',
      'Текст, который программа таблиц приняла бы за формулу, начинается с апострофа.',
      'Файлы JSON содержат отчёты в том виде, в каком их даёт программа; моменты времени в них — UTC.',
    ],
  },
};

/** What lies beside the files of a zip: of which range they are, by which clock, and when they were made. */
export function readMe({ span, madeAt, fileNames, language }: ReadMeInput): string {
  const words = WORDS[language];
  const { timeZone } = span;
  const at = (instant: Date) => localInstant(instant.toISOString(), timeZone);
  const lines = [
    words.title,
    '',
    `${words.from}: ${at(span.from)}`,
    `${words.to}: ${at(span.to)}`,
    `${words.timeZone}: ${timeZone}`,
    `${words.madeAt}: ${at(madeAt)}`,
    '',
    `${words.files}:`,
    ...fileNames.map((fileName) => `- ${fileName}`),
    '',
    ...words.notes,
  ];
  return `${lines.join('\r\n')}\r\n`;
}
