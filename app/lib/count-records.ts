const QUOTE = 0x22;
const LINE_END = 0x0a;

/** Counts the records of a CSV file, its head included, as its bytes come: a line end in quotes ends none. */
export class RecordCounter {
  #count = 0;
  #isQuoted = false;

  get count(): number {
    return this.#count;
  }

  add(bytes: Uint8Array): void {
    for (const byte of bytes) {
      if (byte === QUOTE) this.#isQuoted = !this.#isQuoted;
      else if (byte === LINE_END && !this.#isQuoted) this.#count += 1;
    }
  }
}
