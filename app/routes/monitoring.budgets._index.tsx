import { data, redirect, type ActionFunctionArgs, type LoaderFunctionArgs, type MetaFunction } from '@remix-run/node';
import { useActionData, useLoaderData } from '@remix-run/react';
import { LiftStepInput, ListBudgetEventsInput } from '#server/contracts/budgets.ts';
import { BudgetsPage } from '../features/budgets/budgets-page.tsx';
import { donePath } from '../features/budgets/done-notice.tsx';
import { callApi, isConflict, requireSession } from '../lib/guard.server.ts';
import { pageTitle } from '../lib/page-title.ts';

export const meta: MetaFunction = ({ matches }) => pageTitle(matches, (texts) => texts.budgets.title);

export async function loader({ request, context }: LoaderFunctionArgs) {
  const { role } = requireSession(context, request);
  const before = new URL(request.url).searchParams.get('before');
  const input = ListBudgetEventsInput.safeParse(before === null ? {} : { before: Number(before) });
  if (!input.success) throw data(null, { status: 400 });
  const [list, events] = await callApi(request, () => Promise.all([context.api.budgets.list(), context.api.budgets.events(input.data)]));
  return { list, events, canChange: role !== 'viewer' };
}

/** Lifts a step. */
export async function action({ request, context }: ActionFunctionArgs) {
  requireSession(context, request);
  const input = LiftStepInput.safeParse({ eventId: Number((await request.formData()).get('eventId')) });
  if (!input.success) throw data(null, { status: 400 });
  try {
    await callApi(request, () => context.api.budgets.lift(input.data));
  } catch (error) {
    if (isConflict(error)) return data({ isLiftRefused: true }, { status: 409 });
    throw error;
  }
  return redirect(donePath('lifted'));
}

export default function BudgetsRoute() {
  return <BudgetsPage {...useLoaderData<typeof loader>()} isLiftRefused={useActionData<typeof action>()?.isLiftRefused ?? false} />;
}
