/** Where Telegram brings updates, below the address of the site. */
export const WEBHOOK_PATH = '/telegram/webhook';

/** Telegram's own updates stay far below this. */
export const WEBHOOK_BODY_SIZE_BYTES_MAX = 1_000_000;
