import { readFile } from 'node:fs/promises';
import type { Download, Page } from 'playwright/test';
import { readCsv } from '../support/exports.ts';
import { expect, expectAccessible, open, test } from './support/fixtures.ts';

const toPico = (amount: string): bigint => BigInt(amount.replace('.', ''));
const sum = (amounts: readonly string[]) => amounts.reduce((soFar, amount) => soFar + toPico(amount), 0n);

async function clickFor(page: Page, name: string | RegExp): Promise<Download> {
  const download = page.waitForEvent('download');
  await page.getByRole('link', { name, exact: true }).click();
  return download;
}

async function textOf(download: Download): Promise<string> {
  return readFile(await download.path(), 'utf8');
}

test('the table of a page comes as a file with the right name, whose figures are those of the page to the last digit', async ({ ownerPage: page }) => {
  await open(page, '/monitoring/costs?from=2026-01-01T00:00:00Z&to=2026-02-01T00:00:00Z');
  expect((await clickFor(page, 'Value and waste as CSV')).suggestedFilename()).toBe('adtrobot-waste-figures-2026-01-01-2026-01-31.csv');

  await open(page, '/monitoring/costs?range=30d');
  const download = await clickFor(page, 'By model as CSV');
  expect(download.suggestedFilename()).toMatch(/^adtrobot-waste-models-\d{4}-\d\d-\d\d-\d{4}-\d\d-\d\d\.csv$/);
  const { rows } = readCsv(await textOf(download));
  const table = page.getByRole('table', { name: 'By model', exact: true });
  expect(rows.length).toBe((await table.locator('tbody tr').count()) - 1);
  expect(sum(rows.map((row) => row['cost_usd'] ?? ''))).toBeGreaterThan(0n);
  expect(await download.failure()).toBeNull();
});

test('the overview comes as JSON and all reports as one zip, of the range in the address', async ({ ownerPage: page }) => {
  await open(page, '/monitoring?range=24h');
  await expectAccessible(page);
  const json: unknown = JSON.parse(await textOf(await clickFor(page, 'Overview as JSON')));
  expect(json).toMatchObject({ range: { preset: '24h' } });
  const zip = await clickFor(page, 'All reports (zip)');
  expect(zip.suggestedFilename()).toMatch(/^adtrobot-reports-.*\.zip$/);
  expect((await readFile(await zip.path())).subarray(0, 2).toString()).toBe('PK');
});

test('all rows of the ledger are received with the number of rows so far, and saved whole', async ({ ownerPage: page }) => {
  await open(page, '/monitoring/generations?range=30d&operation=natal_chart');
  const download = await clickFor(page, 'All attempts of this range and these filters (CSV)');
  expect(download.suggestedFilename()).toMatch(/^adtrobot-ledger-.*\.csv$/);
  const { rows } = readCsv(await textOf(download));
  expect(rows.length).toBeGreaterThan(0);
  expect(new Set(rows.map((row) => row['operation']))).toEqual(new Set(['natal_chart']));
  await expect(page.getByText(`Saved: ${rows.length.toLocaleString('en-US')} rows.`)).toBeVisible();
});

test('how far an export is shows while it runs, and one that is canceled saves nothing', async ({ ownerPage: page }) => {
  await open(page, '/monitoring/generations?range=30d');
  const network = await page.context().newCDPSession(page);
  await network.send('Network.enable');
  await network.send('Network.emulateNetworkConditions', { offline: false, latency: 0, downloadThroughput: 3_000, uploadThroughput: -1 });
  await page.getByRole('link', { name: 'All attempts of this range and these filters (CSV)' }).click();
  await expect(page.getByText(/^[1-9][\d,]* of [\d,]+ rows$/)).toBeVisible();
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Cancel' }).click();
  await expect(page.getByText(/^Canceled after [\d,]+ rows\. Nothing was saved\.$/)).toBeVisible();
  await expect(page.getByRole('progressbar')).toBeHidden();
});

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false });

  test('the links download plainly', async ({ ownerPage: page }) => {
    await page.goto('/monitoring/generations?range=24h');
    const download = await clickFor(page, 'All attempts of this range and these filters (CSV)');
    expect(readCsv(await textOf(download)).headers).toContain('cost_usd');
  });
});

test('a visitor without a session is led to the log-in, and gets no file', async ({ page, owner }) => {
  expect(owner.email).toContain('@');
  await page.goto('/monitoring/export/ledger?range=7d');
  await expect(page).toHaveURL(/\/login\?next=%2Fmonitoring%2Fexport%2Fledger%3Frange%3D7d$/);
  await expect(page.getByRole('button', { name: 'Log in' })).toBeVisible();
});

test.describe('a bad address', () => {
  // Beside a plain text the browser looks for an icon that is not there.
  test.use({ expectedConsole: /status of 40[04]/ });

  test('is refused in words', async ({ ownerPage: page }) => {
    const response = await page.goto('/monitoring/export/overview?range=9d');
    expect(response?.status()).toBe(400);
    await expect(page.getByText('range: must be one of 24h, 7d, 30d.')).toBeVisible();
  });
});
