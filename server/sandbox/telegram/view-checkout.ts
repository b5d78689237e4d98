import type { ChatInvoice } from '#server/contracts/chat.ts';
import type { StoredMessage } from './chat-store.ts';
import type { World } from './world.ts';

/** What the person sees of an invoice. A question that was lost in a restart counts as one that nobody answered. */
export function viewCheckout(world: World, { invoice }: StoredMessage): Pick<ChatInvoice, 'status' | 'errorMessage'> {
  const { status, queryId, errorMessage } = invoice?.checkout ?? { status: 'open', queryId: null, errorMessage: null };
  return { status: status === 'checking' && !world.payments.isOpen(queryId) ? 'timed_out' : status, errorMessage };
}
