/** Why a statement got no answer of Postgres. The codes begin as those of the driver do, whose failures are treated the same. */
export type UnavailableCode =
  /** Postgres did not answer in time, though the connection looks sound: it is frozen, or the network swallows everything. */
  | 'CONNECTION_SILENT'
  /** The connection was lost before the answer. */
  | 'CONNECTION_LOST'
  /** No connection became free in time. */
  | 'CONNECTION_BUSY'
  /** The pool was closed. */
  | 'CONNECTION_ENDED';

const WORDS: Readonly<Record<UnavailableCode, string>> = {
  CONNECTION_SILENT: 'Postgres did not answer in time',
  CONNECTION_LOST: 'The connection to Postgres was lost',
  CONNECTION_BUSY: 'No connection to Postgres became free in time',
  CONNECTION_ENDED: 'The pool of connections to Postgres is closed',
};

/** Postgres could not be asked, or what became of the question is not known. Trying again may help. */
export class DatabaseUnavailable extends Error {
  override readonly name = 'DatabaseUnavailable';
  readonly code: UnavailableCode;

  constructor(code: UnavailableCode, cause?: unknown) {
    super(WORDS[code], cause === undefined ? undefined : { cause });
    this.code = code;
  }
}
