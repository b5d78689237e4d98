import type { Message } from 'grammy/types';
import { z } from 'zod';
import { badRequest } from './api-error.ts';
import { getWritableChat } from './methods-messages.ts';
import { endCheckout, refund } from './person-payments.ts';
import { BooleanArgument, IntegerArgument, jsonArgument, parseArguments, type Arguments } from './read-arguments.ts';
import { parseReplyMarkup } from './reply-markup.ts';
import { STARS } from './star-payments.ts';
import { toMessage, type World } from './world.ts';

const TITLE_LENGTH_MAX = 32;
const DESCRIPTION_LENGTH_MAX = 255;
const PAYLOAD_BYTES_MAX = 128;
/** Most Stars that one invoice may ask for. */
const STARS_MAX = 100_000;
const QUERY_TOO_OLD = 'query is too old and response timeout expired or query ID is invalid';

const InvoiceArguments = z.object({
  title: z.string().default(''),
  description: z.string().default(''),
  payload: z.string().default(''),
  provider_token: z.string().default(''),
  currency: z.string().default(''),
  prices: jsonArgument(z.array(z.object({ label: z.string().min(1), amount: IntegerArgument }))),
  start_parameter: z.string().default(''),
  reply_markup: jsonArgument(z.unknown()).optional(),
});
const CheckoutArguments = z.object({ pre_checkout_query_id: z.string().default(''), ok: BooleanArgument, error_message: z.string().default('') });
const RefundArguments = z.object({ user_id: IntegerArgument, telegram_payment_charge_id: z.string().default('') });

/** Invoices in Stars only, as a bot that sells digital goods may send; the words of the refusals are not documented. */
export function sendInvoice(world: World, values: Arguments): Message {
  const call = parseArguments(InvoiceArguments, values);
  const chat = getWritableChat(world, values['chat_id']);
  if (call.title === '' || call.title.length > TITLE_LENGTH_MAX) throw badRequest('PRODUCT_TITLE_INVALID');
  if (call.description === '' || call.description.length > DESCRIPTION_LENGTH_MAX) throw badRequest('PRODUCT_DESCRIPTION_INVALID');
  const payloadBytes = Buffer.byteLength(call.payload);
  if (payloadBytes === 0 || payloadBytes > PAYLOAD_BYTES_MAX) throw badRequest('INVOICE_PAYLOAD_INVALID');
  if (call.currency !== STARS || call.provider_token !== '') throw badRequest('PAYMENT_PROVIDER_INVALID');
  const [price] = call.prices;
  if (!price || call.prices.length > 1) throw badRequest('STARS_INVOICE_INVALID');
  if (price.amount < 1 || price.amount > STARS_MAX) throw badRequest('CURRENCY_TOTAL_AMOUNT_INVALID');
  const stored = world.chats.add(chat, {
    from: 'bot',
    text: '',
    entities: [],
    replyMarkup: parseReplyMarkup(call.reply_markup),
    replyToMessageId: null,
    invoice: {
      title: call.title,
      description: call.description,
      payload: call.payload,
      totalAmount: price.amount,
      startParameter: call.start_parameter,
      checkout: { status: 'open', queryId: null, errorMessage: null },
    },
  });
  return toMessage(world, chat, stored);
}

export function answerPreCheckoutQuery(world: World, values: Arguments): true {
  const call = parseArguments(CheckoutArguments, values);
  if (!call.ok && call.error_message === '') throw badRequest('parameter "error_message" is required');
  const asked = world.payments.take(call.pre_checkout_query_id);
  if (!asked) throw badRequest(QUERY_TOO_OLD);
  endCheckout(world, asked, call.ok ? null : call.error_message);
  return true;
}

export function refundStarPayment(world: World, values: Arguments): true {
  const call = parseArguments(RefundArguments, values);
  const charge = world.payments.find(call.telegram_payment_charge_id);
  if (charge?.userId !== call.user_id) throw badRequest('CHARGE_NOT_FOUND');
  if (charge.isRefunded) throw badRequest('CHARGE_ALREADY_REFUNDED');
  refund(world, charge);
  return true;
}
