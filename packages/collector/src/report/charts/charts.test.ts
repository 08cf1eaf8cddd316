import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { ReportTimeline } from '../../model/report.ts';
import { HOUR_MS } from '../../model/rollup.ts';
import { CHROMIUM_ARGUMENTS, describeWithChromium } from '../../testing/describeWithChromium.ts';
import { barChart } from './bars.ts';
import { callsChart } from './callsChart.ts';
import { latencyChart } from './latencyChart.ts';
import { previousCallsChart, previousChart } from './previousChart.ts';
import { durationScale, linearScale } from './scales.ts';
import { text } from './svg.ts';

const FROM_MS = Date.UTC(2025, 9, 30);
const HOSTILE = '<img src=x onerror=alert(1)> ]]> & "quoted" \u202E\u0000\uFFFF\uD800';

function timeline(calls: readonly number[], p50Ms = 10, p99Ms = 90): ReportTimeline {
  const points = calls.map((each, index) => ({
    startMs: FROM_MS + index * HOUR_MS,
    calls: each,
    errors: Math.floor(each / 50),
    ...(each === 0
      ? { p50Ms: null, p95Ms: null, p99Ms: null }
      : { p50Ms: p50Ms + index, p95Ms: p50Ms + 2 * index, p99Ms: p99Ms + index }),
  }));
  return { stepMs: HOUR_MS, points };
}

const bars = [
  { label: HOSTILE, value: 3, words: '3 %', className: 'bar-calls' },
  { label: 'x'.repeat(300), value: 0, words: '0 %', className: 'bar-calls' },
];
const day = timeline([10, 200, 0, 50, 60, 70]);

const CHARTS: Record<string, string> = {
  latency: latencyChart(day)!,
  calls: callsChart(day)!,
  previous: previousChart(day, day, 0)!,
  previousCalls: previousCallsChart(day, day, 0)!,
  bars: barChart({ name: 'bars', title: HOSTILE, description: HOSTILE }, bars, 3),
};

describe.each(Object.entries(CHARTS))('the chart %s', (_, svg) => {
  it('says what it shows, and has neither styles nor numbers that are none', () => {
    expect(svg).toMatch(
      /^<svg [^>]*role="img" aria-labelledby="(\S+) (\S+)"><title id="\1">[^<]+<\/title><desc id="\2">/,
    );
    expect(svg).not.toMatch(/NaN|Infinity|undefined|style=/);
    for (const hidden of ['<img', '\u202E', '\u0000', '\uFFFF']) expect(svg).not.toContain(hidden);
  });

  it('names the unit of each axis, and the time', () => {
    if (!svg.includes('class="unit')) return;
    expect(svg).toMatch(/<text class="unit end"[^>]*>(?:ms|ms, log|calls)<\/text>/);
    expect(svg).toContain('>03:00<');
  });
});

describe('charts', () => {
  it('are not drawn of nothing', () => {
    for (const none of [timeline([]), timeline([0, 0])]) {
      expect(latencyChart(none)).toBeUndefined();
      expect(callsChart(none)).toBeUndefined();
      expect(previousChart(day, none, 0)).toBeUndefined();
      expect(previousCallsChart(none, day, 0)).toBeUndefined();
    }
  });

  it('show one step, and gaps where nothing was called', () => {
    expect(latencyChart(timeline([5]))).toContain('class="line-p50" d="M');
    const [, line] = /class="line-p50" d="(M[^"]*)"\/><\/svg>$/.exec(CHARTS.latency!)!;
    expect(line!.match(/M/g)).toHaveLength(2);
  });

  it('show few errors among many calls', () => {
    const svg = callsChart(timeline([100_000, 50]))!;
    const [, errors] = /class="bar-errors" d="([^"]+)"/.exec(svg)!;
    expect(errors!.match(/v2h/g)).toHaveLength(1);
    expect(svg).toContain('url(#chart-calls-hatch)');
  });

  it('cut a long name, and have it whole in its tooltip', () => {
    expect(CHARTS.bars).toContain(`${'x'.repeat(19)}…</text>`);
    expect(CHARTS.bars).toContain(`<title>${'x'.repeat(299)}…</title>`);
  });
});

describe('scales', () => {
  it('start at nothing, or are logarithmic where values differ by powers of ten', () => {
    expect(linearScale(87, 'calls').ticks).toEqual([0, 20, 40, 60, 80, 100].filter((tick) => tick <= 100));
    expect(durationScale([10, 90], 10).unit).toBe('ms');
    const log = durationScale([8, 4000], 10);
    expect([log.unit, log.ticks]).toEqual(['ms, log', [1, 10, 100, 1000, 10_000].filter((t) => log.ticks.includes(t))]);
    expect(log(0)).toBe(log(log.ticks[0]!));
  });

  it('hold when everything took no time', () => {
    expect(linearScale(0, 'calls')(0)).toBeGreaterThan(0);
    expect(durationScale([0, 0], 0)(0)).not.toBeNaN();
    expect(durationScale([0, 50], 1)(0)).not.toBeNaN();
  });
});

it('text is visible, and can stand in XML', () => {
  expect(text(HOSTILE)).toBe(
    '&lt;img src=x onerror=alert(1)&gt; ]]&gt; &amp; &quot;quoted&quot; \\u{202e}\\u{0}\uFFFD\\u{d800}',
  );
});

describeWithChromium('charts as XML', (chromium) => {
  it('are read by a browser', () => {
    const directory = mkdtempSync(join(tmpdir(), 'mv-charts-'));
    try {
      const path = join(directory, 'charts.svg');
      const open = '<svg xmlns="http://www.w3.org/2000/svg">';
      writeFileSync(path, `${open}${Object.values(CHARTS).join('')}<g id="last"/></svg>`);
      const args = [...CHROMIUM_ARGUMENTS, `--user-data-dir=${join(directory, 'profile')}`, '--dump-dom'];
      const dom = execFileSync(chromium(), [...args, pathToFileURL(path).href], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
        timeout: 60_000,
      });
      expect(dom).not.toContain('parsererror');
      expect(dom).toContain('id="last"');
    } finally {
      rmSync(directory, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
    }
  });
});
