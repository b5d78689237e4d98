import { AppError } from '#server/errors.ts';

/** Asks the provider. A key that it refuses is our trouble, not the visitor's: such a refusal becomes `unavailable`. */
export async function askProvider<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof AppError && error.code === 'unauthenticated') throw new AppError('unavailable', error.message, error);
    throw error;
  }
}
