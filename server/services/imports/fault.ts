/** Why a field cannot be read; a value, because a log may be wrong in every line. */
export class Fault {
  readonly reason: string;

  constructor(reason: string) {
    this.reason = reason;
  }
}
