/** The IANA time zone at a point, from data that keeps zones apart that differed at any time; loaded on first use. */
export async function timeZoneOf(latitude: number, longitude: number): Promise<string> {
  const { find } = await import('geo-tz/all');
  return find(latitude, longitude)[0] ?? 'UTC';
}
