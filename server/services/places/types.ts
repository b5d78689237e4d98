/** A place where somebody may have been born. */
export interface Place {
  /** GeoNames id; stable, small enough for a button. */
  readonly id: number;
  /** In Latin letters, as GeoNames spells it. */
  readonly name: string;
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
  /** The code of the state in the US, where many places share a name; null elsewhere. */
  readonly state: string | null;
  readonly population: number;
  readonly latitude: number;
  readonly longitude: number;
}
