import { data, redirect, type ActionFunctionArgs, type AppLoadContext, type LoaderFunctionArgs, type MetaFunction } from '@remix-run/node';
import { useActionData, useLoaderData } from '@remix-run/react';
import { donePath } from '../features/budgets/done-notice.tsx';
import { describeFaults, readForm, toCreateInput, type FormResult } from '../features/budgets/form-values.ts';
import { NewBudgetPage } from '../features/budgets/new-budget-page.tsx';
import { callApi, isConflict, requireSession } from '../lib/guard.server.ts';
import { pageTitle } from '../lib/page-title.ts';

export const meta: MetaFunction = ({ matches }) => pageTitle(matches, (texts) => texts.budgets.form.newTitle);

function requireChange(context: AppLoadContext, request: Request): void {
  if (requireSession(context, request).role === 'viewer') throw data(null, { status: 403 });
}

export async function loader({ request, context }: LoaderFunctionArgs) {
  requireChange(context, request);
  const { models } = await callApi(request, () => context.api.prices.list({}));
  return { models: models.map(({ model }) => model) };
}

export async function action({ request, context }: ActionFunctionArgs) {
  requireChange(context, request);
  const values = readForm(await request.formData());
  const input = toCreateInput(values);
  if (!input.success) return data<FormResult>({ values, faults: describeFaults(input.error, values), conflict: null }, { status: 400 });
  try {
    await callApi(request, () => context.api.budgets.create(input.data));
  } catch (error) {
    if (isConflict(error)) return data<FormResult>({ values, faults: {}, conflict: 'tooMany' }, { status: 409 });
    throw error;
  }
  return redirect(donePath('created'));
}

export default function NewBudgetRoute() {
  return <NewBudgetPage models={useLoaderData<typeof loader>().models} result={useActionData<typeof action>()} />;
}
