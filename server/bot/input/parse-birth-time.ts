const TIME = /^(\d{1,2})[:.\s-]?(\d{2})$/;

/** Reads a time of day (`14:30`, `9.05`, `1430`) as `HH:MM`; null when it is none. */
export function parseBirthTime(text: string): string | null {
  const [, hour, minute] = TIME.exec(text.trim()) ?? [];
  if (hour === undefined || minute === undefined || Number(hour) > 23 || Number(minute) > 59) return null;
  return `${hour.padStart(2, '0')}:${minute}`;
}
