/** What the main loop says of itself. */
export interface MainState {
  readonly isReady: boolean;
  readonly isLive: boolean;
}

const PULSE = 0;
const READY = 1;
const LIVE = 2;

/** Memory that the main loop writes and the thread reads, without either waiting for the other. */
export class SharedState {
  readonly buffer: SharedArrayBuffer;
  readonly #cells: Int32Array;

  constructor(buffer = new SharedArrayBuffer(3 * Int32Array.BYTES_PER_ELEMENT)) {
    this.buffer = buffer;
    this.#cells = new Int32Array(buffer);
  }

  /** The main loop turns, and this is how it is. */
  beat({ isReady, isLive }: MainState): void {
    Atomics.store(this.#cells, READY, isReady ? 1 : 0);
    Atomics.store(this.#cells, LIVE, isLive ? 1 : 0);
    Atomics.add(this.#cells, PULSE, 1);
  }

  read(): MainState & { readonly pulse: number } {
    return { isReady: Atomics.load(this.#cells, READY) === 1, isLive: Atomics.load(this.#cells, LIVE) === 1, pulse: Atomics.load(this.#cells, PULSE) };
  }
}
