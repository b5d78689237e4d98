import { z } from 'zod';

const Email = z.string().trim().toLowerCase().max(254, { error: 'is too long' }).pipe(z.email({ error: 'must be an e-mail address' }));
/** Any characters, never cut; the lower limit applies where a password is chosen. */
export const PASSWORD_LENGTH_MIN = 12;
const PASSWORD_LENGTH_MAX = 256;

export const LoginInput = z.object({ email: Email, password: z.string().min(1, { error: 'is missing' }).max(PASSWORD_LENGTH_MAX, { error: 'is too long' }) });
export type LoginInput = z.infer<typeof LoginInput>;

export const NewPassword = z
  .string()
  .min(PASSWORD_LENGTH_MIN, { error: `must have at least ${PASSWORD_LENGTH_MIN} characters` })
  .max(PASSWORD_LENGTH_MAX, { error: `must have at most ${PASSWORD_LENGTH_MAX} characters` });

export const SetupInput = z.object({ code: z.string().min(1, { error: 'is missing' }).max(200), email: Email, password: NewPassword });
export type SetupInput = z.infer<typeof SetupInput>;

/** Who is logged in, as pages may know it. */
export const SessionInfo = z.object({ adminId: z.number(), email: z.string(), role: z.enum(['owner', 'operator', 'viewer']) });
export type SessionInfo = z.infer<typeof SessionInfo>;
