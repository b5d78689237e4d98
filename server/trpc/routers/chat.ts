import { ChatState, ListChatInput, PayChatInvoiceInput, PressChatButtonInput, SendChatInput, type SandboxChat } from '#server/contracts/chat.ts';
import { AppError } from '#server/errors.ts';
import type { TrpcContext } from '../context.ts';
import { adminProcedure, operatorProcedure, router } from '../init.ts';

function requireSandbox({ sandboxChat }: TrpcContext): SandboxChat {
  if (!sandboxChat) throw new AppError('not_found', 'There is a chat only in the sandbox.');
  return sandboxChat;
}

/** Talking to the bot in the browser; `NOT_FOUND` outside the sandbox. */
export const chatRouter = router({
  list: adminProcedure
    .input(ListChatInput)
    .output(ChatState)
    .query(({ ctx, input }) => requireSandbox(ctx).list(ctx.session.adminId, input.after)),
  send: operatorProcedure.input(SendChatInput).mutation(({ ctx, input }) => requireSandbox(ctx).send(ctx.session.adminId, input)),
  press: operatorProcedure.input(PressChatButtonInput).mutation(({ ctx, input }) => requireSandbox(ctx).press(ctx.session.adminId, input)),
  pay: operatorProcedure.input(PayChatInvoiceInput).mutation(({ ctx, input }) => requireSandbox(ctx).pay(ctx.session.adminId, input)),
});
