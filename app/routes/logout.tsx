import { redirect, type ActionFunctionArgs, type LoaderFunctionArgs, type MetaFunction } from '@remix-run/node';
import { LogoutForm } from '../features/login/logout-form.tsx';
import { pageTitle } from '../lib/page-title.ts';

export const meta: MetaFunction = ({ matches }) => pageTitle(matches, (texts) => texts.logout.title);

export function loader({ context }: LoaderFunctionArgs) {
  if (!context.session) throw redirect('/login');
  return null;
}

export async function action({ context }: ActionFunctionArgs) {
  if (context.sessionToken) await context.auth.logout(context.sessionToken);
  return redirect('/login', { headers: { 'Set-Cookie': context.auth.serializeCookie(null) } });
}

/** A page, not a bare address: pages are guarded against forms of other sites, and a link to it logs nobody out. */
export default function LogoutPage() {
  return <LogoutForm />;
}
