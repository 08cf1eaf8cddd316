/** The same report in every format: the same numbers, names that stay names, a page that keeps a strict policy. */
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Report, ReportKind } from '../model/report.ts';
import { DAY_MS } from '../model/rollup.ts';
import { type FilledStore, openFilledStore, testAlert, testAnomaly } from '../testing/filledStore.ts';
import { fillWeeks } from '../testing/weeksOfCalls.ts';
import { count, milliseconds, percent } from './numbers.ts';
import { createReports, type ReportService } from './service.ts';

const NOW_MS = Date.parse('2025-10-31T07:00:00Z');
const KINDS: readonly ReportKind[] = ['period', 'daily', 'weekly'];
const HOSTILE = [
  '<img src=x onerror=alert(1)>',
  'x'.repeat(300),
  'a\u202Eb',
  ']]></style><script>',
  'back`tick',
  'pi|pe',
];

let filled: FilledStore;
let reports: ReportService;
const built = new Map<ReportKind, Report>();

beforeAll(async () => {
  filled = await openFilledStore(NOW_MS);
  reports = createReports(filled);
  const usual = ['files', 'web'].flatMap((server) =>
    [20, 150].map((medianMs, index) => ({
      server,
      tool: `${server}_${index}`,
      callsPerHour: 40,
      medianMs: (day: number) => medianMs * (server === 'web' ? 1 + 0.1 * Math.max(0, day - 7) : 1),
      failShare: (day: number) => (server === 'files' && day > 7 ? 0.03 : 0),
    })),
  );
  const hostile = HOSTILE.map((tool, index) => ({
    server: `host ${HOSTILE[index]}`,
    tool,
    callsPerHour: 3,
    medianMs: () => 900,
  }));
  await fillWeeks(filled.store, {
    tools: [...usual, ...hostile],
    fromMs: NOW_MS - 14 * DAY_MS,
    toMs: NOW_MS,
    memoryPercent: { files: (day) => 30 + 3 * day },
  });
  const [server, tool] = [HOSTILE[0]!, HOSTILE[3]!];
  await filled.store.saveAlert(testAlert({ createdAtMs: NOW_MS - 3_600_000, server, tool, condition: HOSTILE[4]! }));
  await filled.store.saveAnomalies([testAnomaly({ atMs: NOW_MS - 3_600_000, server, tool })]);
  for (const kind of KINDS) built.set(kind, await build(kind));
}, 60_000);
afterAll(() => filled.close());

function build(kind: ReportKind, range = { fromMs: NOW_MS - (kind === 'daily' ? 1 : 7) * DAY_MS, toMs: NOW_MS }) {
  return reports.build(range, { kind, server: undefined, includeRecommendations: true, includeOtherKinds: true });
}

/** All tables of a document as cells. */
function markdownTables(markdown: string): string[][][] {
  const groups = markdown.split(/\n(?!\|)/).flatMap((part) => part.match(/(?:^\|.*\|$\n?)+/gm) ?? []);
  return groups.map((group) =>
    group
      .trim()
      .split('\n')
      .filter((line) => !/^\| --- /.test(line))
      .map((line) => line.slice(2, -2).split(' | ')),
  );
}

function htmlTables(html: string): string[][][] {
  return [...html.matchAll(/<table[^>]*>(.*?)<\/table>/gs)].map(([, table]) =>
    [...table!.matchAll(/<tr>(.*?)<\/tr>/gs)].map(([, row]) =>
      [...row!.matchAll(/<t[hd][^>]*>(.*?)<\/t[hd]>/gs)].map(([, cell]) => plainText(cell!)),
    ),
  );
}

const ENTITIES: Record<string, string> = { '&lt;': '<', '&gt;': '>', '&quot;': '"', '&#39;': "'", '&amp;': '&' };

function plainText(html: string): string {
  return html.replace(/<\/?code>/g, '`').replace(/&(?:lt|gt|quot|#39|amp);/g, (entity) => ENTITIES[entity]!);
}

describe.each(KINDS)('of kind %s', (kind) => {
  it('has the same tables in Markdown, in HTML and in mail', () => {
    const report = built.get(kind)!;
    const tables = markdownTables(reports.render(report, 'markdown'));
    expect(tables.length).toBeGreaterThan(6);
    expect(htmlTables(reports.render(report, 'html'))).toEqual(tables);
    expect(htmlTables(reports.renderMail(report))).toEqual(tables);
  });

  it('has the numbers of JSON in its tables', () => {
    const report = built.get(kind)!;
    const json = JSON.parse(reports.render(report, 'json')) as Report;
    const tables = markdownTables(reports.render(report, 'markdown'));
    const table = (head: string) => tables.find(([first]) => first!.join(' ').startsWith(head))!.slice(1);
    expect(table('Tool Server Calls').map((cells) => cells.slice(2))).toEqual(
      json.tools.map(({ calls, errorRatePercent, avgMs, p50Ms, p95Ms, p99Ms, maxMs }) => [
        count(calls),
        percent(errorRatePercent),
        ...[avgMs, p50Ms, p95Ms, p99Ms, maxMs].map(milliseconds),
      ]),
    );
    const words = (met: boolean | null | undefined) => (met === null ? 'unknown' : met ? 'met' : 'missed');
    expect(table('Target').map(([name, , value, met]) => [name, value, met])).toEqual(
      json.targets.map(({ name, value, met }) => [name, value, words(met)]),
    );
    expect(json.kind).toBe(kind);
    expect(json.timeline.points.reduce((sum, { calls }) => sum + calls, 0)).toBe(json.overall.calls);
    expect(reports.render(report, 'html')).toContain(`<dd class="figure">${count(json.overall.calls)}</dd>`);
  });

  it('keeps hostile names where they belong', () => {
    const report = built.get(kind)!;
    for (const html of [reports.render(report, 'html'), reports.renderMail(report)]) {
      expect(html).not.toMatch(/<(?:img|script)/i);
      expect(html).not.toContain('\u202E');
      expect(html.match(/<\/?style>/g)).toHaveLength(2);
    }
    expect(reports.render(report, 'markdown')).not.toMatch(/\u202E/);
  });

  it('is a page that keeps its policy: one style, known by its hash, no attribute of style, no script, no address', () => {
    const html = reports.render(built.get(kind)!, 'html');
    const [, style] = /<style>(.*?)<\/style>/s.exec(html)!;
    const hash = createHash('sha256').update(style!).digest('base64');
    expect(reports.htmlCsp).toBe(
      `default-src 'none'; style-src 'sha256-${hash}'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'`,
    );
    expect(html).not.toMatch(/<[^>]*\s(?:style|on\w+|src)=/i);
    expect(html).not.toMatch(/\s(?:href)="(?!#)/);
  });

  it('is the same when it is made again', async () => {
    const range = { fromMs: built.get(kind)!.fromMs, toMs: NOW_MS };
    expect(reports.render(await build(kind, range), 'html')).toBe(reports.render(built.get(kind)!, 'html'));
  });
});

describe('a day', () => {
  it('begins with one screen: health, the slowest, errors, anomalies, what to do', () => {
    const markdown = reports.render(built.get('daily')!, 'markdown');
    const [summary] = markdown.split('## Executive Summary');
    expect(summary!.match(/^#+ .*$/gm)).toEqual([
      '# Daily performance summary, 2025-10-30 07:00:00 to 2025-10-31 07:00:00 UTC',
      '## Daily Summary',
      '### Health',
      '### Slowest operations',
      '### Error rate over the last 7 days',
      '### Anomalies',
      '### First things to do',
    ]);
    expect(summary).toContain('against the day before');
    expect(summary).toContain('1 detected: 1 warning.');
    expect(summary!.split('\n').length).toBeLessThan(50);
  });
});

describe('a week', () => {
  it('is compared with the one before, number by number and tool by tool', () => {
    const { previous, overall } = built.get('weekly')!;
    expect(previous).toMatchObject({ fromMs: NOW_MS - 14 * DAY_MS, toMs: NOW_MS - 7 * DAY_MS });
    expect(previous!.changes.map(({ metric }) => metric)).toEqual(['calls', 'error_rate', 'p50', 'p95', 'p99']);
    expect(previous!.changes[0]).toMatchObject({ before: previous!.overall.calls, after: overall.calls });
    expect(previous!.servers[0]).toMatchObject({ server: 'files', errorRateBefore: 0 });
    const changed = previous!.tools.map(({ tool, metric, direction }) => `${tool} ${metric} ${direction}`);
    expect(changed).toEqual(expect.arrayContaining(['files_0 error_rate degrading', 'web_0 response_time degrading']));
    expect(changed.filter((each) => !/^(?:files|web)_/.test(each))).toEqual([]);
  });

  it('has the trends that last, and what they mean for capacity', () => {
    const { lastingTrends, capacity } = built.get('weekly')!;
    expect(lastingTrends.trends).toEqual(
      expect.arrayContaining([expect.objectContaining({ server: 'files', metric: 'memory', direction: 'degrading' })]),
    );
    const files = capacity.find(({ server }) => server === 'files')!;
    expect(files.resources!.daysUntilMemoryLimit).toBeGreaterThan(4);
    expect(files.resources!.daysUntilMemoryLimit).toBeLessThan(7);
    expect(files.advice).toContain('90 % in about');
  });

  it('has nothing to compare with in its first week', async () => {
    const range = { fromMs: NOW_MS - 14 * DAY_MS, toMs: NOW_MS - 7 * DAY_MS };
    const report = await build('weekly', range);
    expect(reports.render(report, 'markdown')).toContain('there is nothing to compare');
    expect(reports.render(report, 'html')).not.toContain('chart-previous');
  });
});

describe('any report', () => {
  it('is made of nothing and of a year, in every format', async () => {
    const empty = await openFilledStore(NOW_MS);
    const none = createReports(empty);
    for (const kind of KINDS) {
      const range = { fromMs: 0, toMs: NOW_MS };
      const options = { kind, server: undefined, includeRecommendations: true, includeOtherKinds: false };
      const report = await none.build(range, options);
      expect(none.render(report, 'html')).toContain('No calls were recorded in this period.');
      expect(none.render(report, 'html')).not.toContain('<svg');
      expect(JSON.parse(none.render(report, 'json'))).toMatchObject({ timeline: { points: [] } });
    }
    await empty.close();
  });

  it('is made of one call', async () => {
    const one = await openFilledStore(NOW_MS);
    await one.record([{ server: 'files', tool: 'read', atMs: NOW_MS - 90_000, durationsMs: [5] }]);
    const made = createReports(one);
    const report = await made.build(
      { fromMs: NOW_MS - 3_600_000, toMs: NOW_MS },
      { server: undefined, includeRecommendations: true, includeOtherKinds: false },
    );
    expect(report.timeline.stepMs).toBe(60_000);
    expect(report.timeline.points).toHaveLength(60);
    expect(report.timeline.points.filter(({ calls }) => calls > 0)).toMatchObject([{ calls: 1, p50Ms: 5, p99Ms: 5 }]);
    expect(made.render(report, 'html').match(/<svg/g)!.length).toBeGreaterThan(3);
    await one.close();
  });

  it('covers days that are kept as days only', async () => {
    const report = await build('period', { fromMs: NOW_MS - 60 * DAY_MS, toMs: NOW_MS });
    expect(report.timeline).toMatchObject({ stepMs: DAY_MS });
    expect(report.timeline.points).toHaveLength(61);
  });
});
