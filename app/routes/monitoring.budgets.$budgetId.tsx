import { data, redirect, type ActionFunctionArgs, type LoaderFunctionArgs, type MetaFunction } from '@remix-run/node';
import { useActionData, useLoaderData } from '@remix-run/react';
import { BudgetIdInput, ListBudgetEventsInput } from '#server/contracts/budgets.ts';
import { BudgetPage } from '../features/budgets/budget-page.tsx';
import { donePath } from '../features/budgets/done-notice.tsx';
import { describeFaults, readForm, toUpdateInput, type FormResult } from '../features/budgets/form-values.ts';
import { callApi, isConflict, requireSession } from '../lib/guard.server.ts';
import { pageTitle } from '../lib/page-title.ts';

export const meta: MetaFunction = ({ matches }) => pageTitle(matches, (texts) => texts.budgets.title);

function requireId(params: LoaderFunctionArgs['params']): number {
  const input = BudgetIdInput.safeParse({ budgetId: Number(params['budgetId']) });
  if (!input.success) throw data(null, { status: 404 });
  return input.data.budgetId;
}

export async function loader({ request, context, params }: LoaderFunctionArgs) {
  const { role } = requireSession(context, request);
  const budgetId = requireId(params);
  const before = new URL(request.url).searchParams.get('before');
  const input = ListBudgetEventsInput.safeParse({ budgetId, ...(before === null ? {} : { before: Number(before) }) });
  if (!input.success) throw data(null, { status: 400 });
  const [budget, events] = await callApi(request, () => Promise.all([context.api.budgets.get({ budgetId }), context.api.budgets.events(input.data)]));
  return { budget, events, canChange: role !== 'viewer' };
}

/** Saves the form, or archives the budget. */
export async function action({ request, context, params }: ActionFunctionArgs) {
  requireSession(context, request);
  const budgetId = requireId(params);
  const form = await request.formData();
  const values = readForm(form);
  const { api } = context;
  try {
    if (form.get('intent') === 'archive') {
      await callApi(request, () => api.budgets.archive({ budgetId }));
      return redirect(donePath('archived'));
    }
    const input = toUpdateInput(budgetId, values);
    if (!input.success) return data<FormResult>({ values, faults: describeFaults(input.error, values), conflict: null }, { status: 400 });
    await callApi(request, () => api.budgets.update(input.data));
    return redirect(donePath('updated'));
  } catch (error) {
    if (isConflict(error)) return data<FormResult>({ values, faults: {}, conflict: 'archived' }, { status: 409 });
    throw error;
  }
}

export default function BudgetRoute() {
  return <BudgetPage {...useLoaderData<typeof loader>()} result={useActionData<typeof action>()} />;
}
