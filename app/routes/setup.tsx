import { data, redirect, type ActionFunctionArgs, type LoaderFunctionArgs, type MetaFunction } from '@remix-run/node';
import { useActionData, useLoaderData } from '@remix-run/react';
import { SetupInput } from '#server/contracts/login.ts';
import { describeFaults, toFormError } from '../features/login/form-faults.ts';
import { SetupForm } from '../features/login/setup-form.tsx';
import { expectAppError } from '../lib/guard.server.ts';
import { pageTitle } from '../lib/page-title.ts';

export const meta: MetaFunction = ({ matches }) => pageTitle(matches, (texts) => texts.setup.title);

export async function loader({ request, context }: LoaderFunctionArgs) {
  if (context.session) throw redirect('/monitoring');
  return { code: new URL(request.url).searchParams.get('code') ?? '', isDone: await context.auth.hasOwner() };
}

export async function action({ request, context }: ActionFunctionArgs) {
  const form = await request.formData();
  const email = String(form.get('email') ?? '');
  const input = SetupInput.safeParse({ code: String(form.get('code') ?? ''), email, password: String(form.get('password') ?? '') });
  if (!input.success) return data({ email, faults: describeFaults(input.error), error: null }, { status: 400 });
  try {
    const session = await context.auth.setup(input.data, context.clientAddress);
    return redirect('/monitoring', { headers: { 'Set-Cookie': context.auth.serializeCookie(session) } });
  } catch (thrown) {
    const error = expectAppError(thrown);
    return data({ email, faults: {}, error: toFormError(error.code) }, { status: error.httpStatus });
  }
}

export default function SetupPage() {
  const { code, isDone } = useLoaderData<typeof loader>();
  return <SetupForm code={code} isDone={isDone} result={useActionData<typeof action>()} />;
}
