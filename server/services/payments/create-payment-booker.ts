import type { Database } from '#db/client.ts';
import { bookPayment, type BookingResult, type BookPaymentInput } from './book-payment.ts';

/**
 * Makes a `bookPayment` that remembers which of its bookings ended without a word of the database: tried again, one that had
 * landed is told as booked, once, so that it is counted like any other.
 */
export function createPaymentBooker(): (db: Database, input: BookPaymentInput) => Promise<BookingResult> {
  const inDoubt = new Set<string>();
  return async (db, input) => {
    const { chargeId } = input;
    try {
      const result = await bookPayment(db, input, { isInDoubt: inDoubt.has(chargeId) });
      inDoubt.delete(chargeId);
      return result;
    } catch (error) {
      inDoubt.add(chargeId);
      throw error;
    }
  };
}
