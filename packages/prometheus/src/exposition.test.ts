import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { describe, expect, inject, it } from 'vitest';
import { prefersOpenMetrics } from './accept.ts';
import { createExposition } from './exposition.ts';
import { batchOf, NOW_MS } from './testing/batches.ts';
import { parseExposition } from './testing/parseExposition.ts';
import { OPEN_METRICS, startTotals } from './testing/scrape.ts';

/** What formats, parsers and prototypes trip over, more often than chance would have it. */
const hostile = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.string({
    unit: fc.constantFrom('"', '\\', '\n', '\r', '{', '}', ',', '=', '#', ' ', '\ud800', '\u2028', 'n', '\0'),
  }),
  fc.constantFrom('__proto__', 'constructor', '__other__', '# HELP x', 'a{le="1"}', '{server="x"}', '', '\\"', '# EOF'),
);

const hostileMetric = fc.oneof(
  hostile,
  fc
    .tuple(
      fc.constantFrom(
        'a',
        'a_total',
        'a_seconds',
        'a_bucket',
        'a_count',
        'cache_hits',
        'active_connections',
        '_',
        'b:c',
      ),
      fc.dictionary(fc.constantFrom('server', 'le', 'quantile', '__name__', 'exported_le', 'cache', 'x'), hostile),
    )
    .map(
      ([name, labels]) =>
        `${name}{${Object.entries(labels).map(([label, value]) => `${label}=${JSON.stringify(value)}`)}}`,
    ),
);

const hostileWindow = fc.oneof(
  fc.record({ kind: fc.constantFrom('tool', 'wait', 'prompt', 'method', 'resource', 'result_bytes'), name: hostile }),
  fc.record({ kind: fc.constantFrom('counter', 'gauge', 'custom'), name: hostileMetric }),
);

describe('any names', () => {
  it('give an exposition that can be read in both formats, and the names come back', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(hostileWindow, { maxLength: 12 }),
        fc.array(hostile, { minLength: 1, maxLength: 3 }),
        async (windows, servers) => {
          const { totals, scrape, scrapeOpenMetrics } = await startTotals();
          const calls = windows.map((window, i) => ({
            ...(window as { kind: 'tool'; name: string }),
            server: i % servers.length,
            okMs: [i],
            failedMs: [i],
            errorClasses: [window.name],
          }));
          totals.observe(batchOf(calls, { servers }));
          const text = await scrape();
          await scrapeOpenMetrics();
          const tools = new Set(text.families.get('mcp_tool_requests_total')?.samples.map(({ labels }) => labels.tool));
          for (const { kind, name } of calls) if (kind === 'tool') expect(tools).toContain(name.toWellFormed());
        },
      ),
      { numRuns: 150 * inject('thoroughness') },
    );
  });
});

describe('exemplars', () => {
  it('are those of the newest call of each bucket, on the bucket that the call is in, in OpenMetrics only', async () => {
    const { totals, scrape, scrapeOpenMetrics } = await startTotals();
    const trace = (digit: string, valueMs: number, agoMs: number) => ({
      okMs: [valueMs],
      exemplar: { traceId: digit.repeat(32), spanId: digit.repeat(16), valueMs, atMs: NOW_MS - agoMs },
    });
    totals.observe(
      batchOf([trace('1', 60, 5_000), trace('2', 70, 3_000), trace('3', 80, 4_000), trace('4', 20_000, 0)]),
    );
    const { families, text } = await scrapeOpenMetrics();
    const linked = families.get('mcp_tool_request_duration_seconds')!.samples.filter(({ exemplar }) => exemplar);
    expect(linked.map(({ labels, exemplar }) => [labels.le, exemplar])).toEqual([
      [
        '0.1',
        { labels: { trace_id: '2'.repeat(32), span_id: '2'.repeat(16) }, value: 0.07, timestamp: NOW_MS / 1000 - 3 },
      ],
      ['+Inf', { labels: { trace_id: '4'.repeat(32), span_id: '4'.repeat(16) }, value: 20, timestamp: NOW_MS / 1000 }],
    ]);
    expect(text).toMatch(/^mcp_server_operation_duration_seconds_bucket\{.*\} 3 # \{trace_id=/m);
    expect((await scrape()).text).not.toContain('trace_id');
  });
});

describe('the format', () => {
  it('is the one that the scraper would rather have', () => {
    const prometheus =
      'application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1';
    expect(prefersOpenMetrics(prometheus)).toBe(true);
    for (const accept of [
      undefined,
      '*/*',
      'text/html',
      'text/plain',
      'application/openmetrics-text;q=0',
      'application/openmetrics-text;q=0.1,text/plain',
    ]) {
      expect(prefersOpenMetrics(accept), accept).toBe(false);
    }
  });

  it('shows metrics of the process in both, one after the other', async () => {
    const exposition = await createExposition({
      importPromClient: () => import('prom-client'),
      sources: [],
      processMetrics: true,
    });
    for (const round of [1, 2]) {
      const open = parseExposition((await exposition.render(OPEN_METRICS)).body, 'openMetrics');
      const text = parseExposition((await exposition.render('text/plain')).body, 'text');
      expect(open.has('mcp_process_cpu_seconds'), `round ${round}`).toBe(true);
      expect(text.has('mcp_process_cpu_seconds_total'), `round ${round}`).toBe(true);
    }
  });
});

describe('prom-client', () => {
  it('is loaded with the first exposition, and missed with a sentence that says what to do', async () => {
    const index = new URL('./index.ts', import.meta.url).href;
    const hidden = `export function resolve(name, context, next) {
      if (name === 'prom-client') throw new Error('Cannot find package');
      return next(name, context);
    }`;
    const program = `
      import { register, createRequire } from 'node:module';
      const { createExposition, MetricTotals } = await import(${JSON.stringify(index)});
      new MetricTotals({ nowMs: Date.now }).collect();
      const loaded = Object.keys(createRequire(import.meta.url).cache).filter((path) => path.includes('prom-client'));
      register('data:text/javascript,' + encodeURIComponent(${JSON.stringify(hidden)}));
      const message = await createExposition({ importPromClient: () => import('prom-client'), sources: [] }).catch((error) => error.message);
      console.log(JSON.stringify({ loaded: loaded.length, message }));`;
    const args = ['--conditions=@mcp-vitals/source', '--import', 'tsx', '--input-type=module', '--eval', program];
    const cwd = fileURLToPath(new URL('../../..', import.meta.url));
    const { stdout } = await promisify(execFile)(process.execPath, args, { cwd });
    expect(JSON.parse(stdout)).toEqual({
      loaded: 0,
      message: 'Prometheus metrics need the package prom-client: npm install prom-client',
    });
  });
});
