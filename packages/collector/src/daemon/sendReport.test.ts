import { afterEach, beforeEach, expect, it } from 'vitest';
import { configSchema } from '../config/schema.ts';
import type { ReportMessage } from '../model/notification.ts';
import { HOUR_MS } from '../model/rollup.ts';
import { createReports } from '../report/service.ts';
import { type FilledStore, openFilledStore } from '../testing/filledStore.ts';
import { createReportSender } from './sendReport.ts';

const NOW_MS = Date.UTC(2026, 0, 6, 7);

let filled: FilledStore;
let sent: [ReportMessage, readonly string[]][];

beforeEach(async () => {
  filled = await openFilledStore(NOW_MS);
  sent = [];
});

afterEach(() => filled.close());

function sender(reportChannels: string[]) {
  const config = configSchema.parse({ dataDir: filled.config.dataDir, notifications: { reportChannels } });
  const notifier = { send: async (...message: [ReportMessage, readonly string[]]) => void sent.push(message) };
  return createReportSender({ reports: createReports(filled), notifier, config });
}

it('sends the last day, and the last week, to the channels that are to have them', async () => {
  const at = (hoursAgo: number) => NOW_MS - hoursAgo * HOUR_MS + 1;
  await filled.record([{ server: 'files', tool: 'today', atMs: at(20), durationsMs: [5] }]);
  await filled.record([{ server: 'files', tool: 'last_week', atMs: at(22), durationsMs: [5] }]);
  await sender(['mail'])('daily', NOW_MS);
  await sender(['mail', 'chat'])('weekly', NOW_MS);
  expect(sent.map(([{ title }, channels]) => [title, channels])).toEqual([
    ['Performance of the last day', ['mail']],
    ['Performance of the last week', ['mail', 'chat']],
  ]);
  const [[daily]] = sent as [[ReportMessage, readonly string[]]];
  expect(daily.markdown).toContain('`today`');
  expect(daily.markdown).toMatch(/^# Daily performance summary, /);
  expect(sent[1]![0].markdown).toContain('## Week over Week');
  expect(daily.html).toMatch(/^<!doctype html>/);
  // What mail programs take out is not needed to read it.
  expect(daily.html).not.toMatch(/<svg|<nav|<script/);
  expect(daily.html).toContain('<table border="1"');
});

it('builds nothing when nobody is to have it', async () => {
  await sender([])('daily', NOW_MS);
  expect(sent).toEqual([]);
});
