/** How long reports take with two weeks of 280 tools stored as hours: a week is compared with the one before. */
import { REPORT_FORMATS, type ReportKind } from '../packages/collector/src/model/report.ts';
import { DAY_MS } from '../packages/collector/src/model/rollup.ts';
import { createReports } from '../packages/collector/src/report/service.ts';
import { openFilledStore } from '../packages/collector/src/testing/filledStore.ts';
import { fillWeeks, type HourlyTool } from '../packages/collector/src/testing/weeksOfCalls.ts';
import type { BenchResult } from './result.ts';
import { runWhenMain } from './result.ts';

const SERVERS = 28;
const TOOLS_PER_SERVER = 10;
const CALLS_PER_HOUR = 60;
const TO_MS = Date.parse('2025-10-31T07:00:00Z');
const RUNS = 10;
const LIMIT_MS = 2_000;

const QUESTIONS: readonly [kind: ReportKind, days: number][] = [
  ['weekly', 7],
  ['daily', 1],
  ['period', 7],
  ['period', 1],
];

const serverName = (index: number): string => `server-${index}`;

/** Medians from 5 to 500 ms; one call in two hundred fails. */
function tools(): HourlyTool[] {
  return Array.from({ length: SERVERS * TOOLS_PER_SERVER }, (_, index) => ({
    server: serverName(Math.floor(index / TOOLS_PER_SERVER)),
    tool: `tool_${index % TOOLS_PER_SERVER}`,
    callsPerHour: CALLS_PER_HOUR,
    medianMs: () => 5 * 10 ** ((2 * (index % TOOLS_PER_SERVER)) / TOOLS_PER_SERVER),
    failShare: () => 0.005,
  }));
}

const rounded = (value: number) => Math.round(value * 10) / 10;

export async function run(): Promise<BenchResult> {
  const filled = await openFilledStore(TO_MS);
  try {
    const memoryPercent = Object.fromEntries(
      Array.from({ length: SERVERS }, (_, index) => [serverName(index), (day: number) => 30 + day]),
    );
    await fillWeeks(filled.store, { tools: tools(), fromMs: TO_MS - 15 * DAY_MS, toMs: TO_MS, memoryPercent });
    await filled.store.rollUp(TO_MS);
    const reports = createReports(filled);
    const rows: BenchResult['rows'] = [];
    const targets: BenchResult['targets'] = [];
    for (const [kind, days] of QUESTIONS) {
      const range = { fromMs: TO_MS - days * DAY_MS, toMs: TO_MS };
      const options = { kind, server: undefined, includeRecommendations: true, includeOtherKinds: true };
      const durations: number[] = [];
      for (let index = 0; index < RUNS; index++) {
        const startMs = performance.now();
        reports.render(await reports.build(range, options), 'html');
        durations.push(performance.now() - startMs);
      }
      const report = await reports.build(range, options);
      const sizes = REPORT_FORMATS.map((format) => [
        `${format} kB`,
        rounded(reports.render(report, format).length / 1024),
      ]);
      const [first, slowest] = [durations[0]!, Math.max(...durations)];
      const median = [...durations].sort((a, b) => a - b)[Math.floor(RUNS / 2)]!;
      const name = `${kind}, ${days} day${days === 1 ? '' : 's'}`;
      rows.push({ report: name, 'first ms': rounded(first), 'p50 ms': rounded(median), ...Object.fromEntries(sizes) });
      const target = `${name}: at most ${LIMIT_MS} ms`;
      targets.push({ target, value: `${rounded(slowest)} ms`, met: slowest <= LIMIT_MS });
    }
    return {
      name: 'reports',
      question: `How long do reports as HTML take with 15 days of ${SERVERS * TOOLS_PER_SERVER} tools stored as hours?`,
      rows,
      targets,
    };
  } finally {
    await filled.close();
  }
}

await runWhenMain(import.meta.url, run);
