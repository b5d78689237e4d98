import { createParser } from 'eventsource-parser';
import { isRecord, parseJson } from './json.ts';

const DONE = '[DONE]';

/**
 * Puts a streamed completion together as its text comes in. OpenRouter sends comments while the model works, the usage in
 * one chunk after the one with the finish reason (with an empty list of choices or with one that says nothing), and an
 * error as a chunk of its own; a connection that ends early ends without a word.
 */
export class CompletionStream {
  readonly #parser = createParser({ onEvent: ({ data }) => this.#read(data) });
  readonly #onFirstText: () => void;
  #text = '';
  #finishReason: string | null = null;
  #error: unknown = null;
  #isMalformed = false;
  #hasChoice = false;
  #head: Record<string, unknown> = {};
  #usage: unknown;

  /** @param onFirstText called once, when the first piece of text came. */
  constructor(onFirstText: () => void) {
    this.#onFirstText = onFirstText;
  }

  /** Takes the next piece of the body, cut anywhere. */
  push(text: string): void {
    this.#parser.feed(text);
  }

  /** Whether the model said that it had finished, what it used, or that it had failed: only then is the text whole. */
  get isComplete(): boolean {
    return !this.#isMalformed && (this.#finishReason !== null || this.#usage !== undefined || this.#error !== null);
  }

  /** What came, in the shape of a completion that was not streamed. */
  toCompletion(): Record<string, unknown> {
    return {
      ...this.#head,
      ...(this.#error === null ? {} : { error: this.#error }),
      choices: this.#hasChoice ? [{ finish_reason: this.#finishReason, message: { content: this.#text } }] : [],
      ...(this.#usage === undefined ? {} : { usage: this.#usage }),
    };
  }

  #read(data: string): void {
    if (data === DONE) return;
    const chunk = parseJson(data);
    if (!isRecord(chunk)) {
      this.#isMalformed = true;
      return;
    }
    for (const key of ['id', 'model', 'provider']) if (this.#head[key] === undefined && chunk[key] != null) this.#head[key] = chunk[key];
    if (chunk['usage'] != null) this.#usage = chunk['usage'];
    if (chunk['error'] != null) this.#error ??= chunk['error'];
    const choices = chunk['choices'];
    const choice: unknown = Array.isArray(choices) ? choices[0] : undefined;
    if (isRecord(choice)) this.#readChoice(choice);
  }

  #readChoice(choice: Record<string, unknown>): void {
    this.#hasChoice = true;
    if (choice['error'] != null) this.#error ??= choice['error'];
    // A later chunk without a reason takes nothing back.
    if (typeof choice['finish_reason'] === 'string') this.#finishReason = choice['finish_reason'];
    const { delta } = choice;
    const content = isRecord(delta) ? delta['content'] : undefined;
    if (typeof content !== 'string' || content === '') return;
    if (this.#text === '') this.#onFirstText();
    this.#text += content;
  }
}
