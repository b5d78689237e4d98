import { z } from 'zod';

/** US dollars as a decimal string with 12 decimal places, exactly as the ledger holds them. */
export const Usd = z.string().regex(/^\d+\.\d{12}$/);

/** The same with a sign: a difference, or an account that gave back more than was taken. */
export const SignedUsd = z.string().regex(/^-?\d+\.\d{12}$/);

export const Count = z.int().nonnegative();
