import { data, type AppLoadContext } from '@remix-run/node';
import { AcknowledgeIncidentInput, WindowIdInput } from '#server/contracts/health-history.ts';
import { isBadInput, isConflict } from '../../lib/guard.server.ts';
import { describeNoteFault, describePlanFaults, readPlan, toWindowInput } from './form-values.ts';
import type { Conflict, Done, HealthAnswer } from './health-answer.ts';

type Api = AppLoadContext['api'];

/** What became of a form. */
export type Submitted =
  | { readonly done: Done; readonly answer: null }
  | { readonly done: null; readonly answer: HealthAnswer; readonly status: 400 | 409 };

/** Does what a form of the page asks for. Errors of the API that the page has no words for are thrown on. */
export async function submitHealthForm(api: Api, form: FormData): Promise<Submitted> {
  switch (form.get('intent')) {
    case 'acknowledge':
      return acknowledge(api, form);
    case 'plan':
      return plan(api, form);
    case 'end':
      return leave(form, 'ended', 'notRunning', (input) => api.maintenance.end(input));
    case 'delete':
      return leave(form, 'deleted', 'begun', (input) => api.maintenance.delete(input));
    default:
      throw data(null, { status: 400 });
  }
}

async function acknowledge(api: Api, form: FormData): Promise<Submitted> {
  const given = { incidentId: Number(form.get('incidentId')), note: String(form.get('note') ?? '').replaceAll('\r\n', '\n') };
  const input = AcknowledgeIncidentInput.safeParse(given);
  if (!input.success) {
    const fault = describeNoteFault(input.error);
    // The number of the incident is not typed by anybody.
    if (fault === null || input.error.issues.some(({ path }) => path[0] === 'incidentId')) throw data(null, { status: 400 });
    return refuse({ kind: 'note', ...given, fault });
  }
  return unlessConflict('acknowledged', () => api.incidents.acknowledge(input.data), { kind: 'conflict', conflict: 'acknowledged' });
}

async function plan(api: Api, form: FormData): Promise<Submitted> {
  const values = readPlan(form);
  const input = toWindowInput(values);
  if (!input.success) return refuse({ kind: 'plan', values, faults: describePlanFaults(input.error), conflict: null });
  try {
    return await unlessConflict('planned', () => api.maintenance.create(input.data), { kind: 'plan', values, faults: {}, conflict: 'tooMany' });
  } catch (error) {
    // All else that can be wrong with it was looked at above.
    if (isBadInput(error)) return refuse({ kind: 'plan', values, faults: { to: 'past' }, conflict: null });
    throw error;
  }
}

async function leave(form: FormData, done: Done, conflict: Exclude<Conflict, 'tooMany'>, call: (input: WindowIdInput) => Promise<unknown>): Promise<Submitted> {
  const input = WindowIdInput.safeParse({ windowId: Number(form.get('windowId')) });
  if (!input.success) throw data(null, { status: 400 });
  return unlessConflict(done, () => call(input.data), { kind: 'conflict', conflict });
}

async function unlessConflict(done: Done, call: () => Promise<unknown>, answer: HealthAnswer): Promise<Submitted> {
  try {
    await call();
    return { done, answer: null };
  } catch (error) {
    if (isConflict(error)) return { done: null, answer, status: 409 };
    throw error;
  }
}

function refuse(answer: HealthAnswer): Submitted {
  return { done: null, answer, status: 400 };
}
