/** A row as Postgres sends it: sums and counts are texts there. */
export type Raw<Row> = { readonly [Key in keyof Row]: Row[Key] extends number ? string : Row[Key] };
