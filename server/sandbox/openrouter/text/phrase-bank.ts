/** Sentences that answers are made of. `{card}`, `{position}` and `{sign}` are filled in. */
export interface PhraseBank {
  readonly openings: Readonly<Record<'horoscope' | 'tarot' | 'natal', readonly string[]>>;
  readonly sign: readonly string[];
  readonly upright: readonly string[];
  readonly reversed: readonly string[];
  readonly position: readonly string[];
  readonly headings: readonly string[];
  readonly filler: readonly string[];
  readonly advice: readonly string[];
  readonly adviceHeading: string;
}
