import { json, Router } from 'express';
import { z } from 'zod';
import type { StandInContext } from './context.ts';
import { Fault } from './fault-queue.ts';
import { NewJournalEntry } from './journal-entry.ts';

const IMPORT_SIZE_MAX = '50mb';
const IMPORT_COUNT_MAX = 100_000;

const AfterQuery = z.object({ after: z.coerce.number().int().min(0).default(0) });
const ImportBody = z.strictObject({ entries: z.array(NewJournalEntry).max(IMPORT_COUNT_MAX) });

/**
 * What tests and the sandbox use to look behind the counter: the journal (read it, add a past to it) and scripted
 * faults. It is no part of OpenRouter, has no password, and listens on loopback only.
 */
export function createControlApi({ journal, faults }: StandInContext): Router {
  const router = Router();
  router.use(json({ limit: IMPORT_SIZE_MAX }));

  router.get('/journal', (req, res) => {
    const query = AfterQuery.safeParse(req.query);
    if (!query.success) return void res.status(400).json({ error: z.prettifyError(query.error) });
    res.json({ entries: journal.list(query.data.after), totalUsd: journal.totalUsd });
  });
  router.post('/journal', (req, res) => {
    const body = ImportBody.safeParse(req.body);
    if (!body.success) return void res.status(400).json({ error: z.prettifyError(body.error) });
    const imported = journal.import(body.data.entries);
    res.status(201).json({ count: imported.length, totalUsd: journal.totalUsd });
  });

  router.get('/faults', (_req, res) => void res.json({ faults: faults.list() }));
  router.post('/faults', (req, res) => {
    const fault = Fault.safeParse(req.body);
    if (!fault.success) return void res.status(400).json({ error: z.prettifyError(fault.error) });
    faults.add(fault.data);
    res.status(201).json({ faults: faults.list() });
  });
  router.delete('/faults', (_req, res) => {
    faults.clear();
    res.json({ faults: [] });
  });
  return router;
}
