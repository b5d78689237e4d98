/** Where updates are posted to. */
export interface Webhook {
  readonly url: string;
  readonly secretToken: string | null;
  readonly connectionsMax: number;
}

/** The webhook of the bot and the last failure of a delivery. */
export class WebhookState {
  #webhook: Webhook | null = null;
  lastError: { readonly atSeconds: number; readonly message: string } | null = null;
  readonly #listeners = new Set<() => void>();

  get current(): Webhook | null {
    return this.#webhook;
  }

  set(webhook: Webhook | null): void {
    this.#webhook = webhook;
    this.lastError = null;
    for (const listener of this.#listeners) listener();
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
