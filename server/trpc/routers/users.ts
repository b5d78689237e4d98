import { Users, UsersInput } from '#server/contracts/users.ts';
import { getUsers } from '#server/services/reports/get-users.ts';
import { adminProcedure, router } from '../init.ts';

export const usersRouter = router({
  /** Who used the bot in a range; `BAD_REQUEST` says what a range may be. */
  get: adminProcedure
    .input(UsersInput)
    .output(Users)
    .query(({ ctx, input }) => getUsers(ctx.reports, input)),
});
