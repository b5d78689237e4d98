import type { en } from './en.ts';

/** Besides `one` and `other`, languages such as Russian have the plural forms `few` and `many`. */
type FurtherPlurals<Texts> = { [Key in keyof Texts as Key extends `${infer Base}_other` ? `${Base}_${'few' | 'many'}` : never]: string };

type Translated<Texts> = { readonly [Key in keyof Texts]: Texts[Key] extends string ? string : Translated<Texts[Key]> } & FurtherPlurals<Texts>;

/** What a language with four plural forms must provide: every English key, and the further forms of the plural ones. */
export type Messages = Translated<typeof en>;
