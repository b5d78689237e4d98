/** Extra fields of a Telegram error answer. */
export interface ApiErrorParameters {
  readonly retry_after?: number;
  readonly migrate_to_chat_id?: number;
}

/** A call that Telegram refuses: `errorCode` is the HTTP status, `description` the text that clients see. */
export class ApiError extends Error {
  readonly errorCode: number;
  readonly parameters: ApiErrorParameters | undefined;

  constructor(errorCode: number, description: string, parameters?: ApiErrorParameters) {
    super(description);
    this.name = 'ApiError';
    this.errorCode = errorCode;
    this.parameters = parameters;
  }
}

/** The error 400 with Telegram's usual prefix. */
export function badRequest(reason: string): ApiError {
  return new ApiError(400, `Bad Request: ${reason}`);
}

/** The error 400 for markup that cannot be read. */
export function cannotParse(reason: string): ApiError {
  return badRequest(`can't parse entities: ${reason}`);
}
