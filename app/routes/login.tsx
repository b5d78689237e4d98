import { data, redirect, type ActionFunctionArgs, type LoaderFunctionArgs, type MetaFunction } from '@remix-run/node';
import { useActionData, useLoaderData } from '@remix-run/react';
import { LoginInput } from '#server/contracts/login.ts';
import { LoginForm } from '../features/login/login-form.tsx';
import { describeFaults, toFormError } from '../features/login/form-faults.ts';
import { expectAppError } from '../lib/guard.server.ts';
import { pageTitle } from '../lib/page-title.ts';
import { safePath } from '../lib/safe-path.ts';

export const meta: MetaFunction = ({ matches }) => pageTitle(matches, (texts) => texts.login.title);

export function loader({ request, context }: LoaderFunctionArgs) {
  const next = safePath(new URL(request.url).searchParams.get('next'), '/monitoring');
  if (context.session) throw redirect(next);
  return { next };
}

export async function action({ request, context }: ActionFunctionArgs) {
  const form = await request.formData();
  const email = String(form.get('email') ?? '');
  const input = LoginInput.safeParse({ email, password: String(form.get('password') ?? '') });
  if (!input.success) return data({ email, faults: describeFaults(input.error), error: null }, { status: 400 });
  try {
    const session = await context.auth.login(input.data, context.clientAddress);
    const headers = { 'Set-Cookie': context.auth.serializeCookie(session) };
    return redirect(safePath(String(form.get('next') ?? ''), '/monitoring'), { headers });
  } catch (thrown) {
    const error = expectAppError(thrown);
    return data({ email, faults: {}, error: toFormError(error.code) }, { status: error.httpStatus });
  }
}

export default function LoginPage() {
  const { next } = useLoaderData<typeof loader>();
  return <LoginForm next={next} result={useActionData<typeof action>()} />;
}
