/** Whether the page stays quick with 500 series and ten people who look: first paint, updates, and what each of them waits for. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { type Browser, chromium, type Page } from 'playwright-core';
import { CHROMIUM_ARGUMENTS, findChromium } from '../packages/collector/src/testing/describeWithChromium.ts';
import { type Collector, startCollector } from '../scripts/demo/collector.ts';
import { playHistory } from '../scripts/history/play.ts';
import type { Scenario } from '../scripts/history/scenario.ts';
import { type BenchResult, runWhenMain } from './result.ts';
import { keepSending } from './support/keepSending.ts';
import { median } from './support/median.ts';
import { quantile } from './support/quantile.ts';

const SERVERS = 50;
const TOOLS_PER_SERVER = 10;
const VIEWERS = 10;
const UPDATES = 8;
const LOADS = 5;
/** How long the viewers look. */
const LOOK_MS = 15_000;
const PAGE_FILES = fileURLToPath(new URL('../packages/collector/dist/dashboard/page/assets/', import.meta.url));

const SCENARIO: Scenario = {
  servers: Array.from({ length: SERVERS }, (_, server) => ({
    name: `server-${server}`,
    version: '1.0.0',
    memoryMb: 80,
    tools: Array.from({ length: TOOLS_PER_SERVER }, (_, tool) => ({
      name: `tool_${tool}`,
      callsPerMinute: 12,
      medianMs: 5 * 10 ** ((2 * tool) / TOOLS_PER_SERVER),
      spread: 0.3,
    })),
  })),
  incidents: [],
};

/** What ten people who look at it ask for, over and over. */
const QUESTIONS = [
  '/overview',
  '/timeline?server=server-3&name=tool_4&minutes=60&heatmap=true',
  '/timeline?server=server-3&minutes=60',
  '/tools?server=server-3&minutes=60',
  '/alerts',
] as const;

const rounded = (value: number) => Math.round(value * 10) / 10;

/** Each time with an empty cache. */
async function firstPaints(browser: Browser, collector: Collector): Promise<{ paintMs: number[]; drawnMs: number[] }> {
  const [paintMs, drawnMs]: [number[], number[]] = [[], []];
  const storageState = await signedIn(browser, collector);
  for (let load = 0; load < LOADS; load++) {
    const page = await browser.newPage({ storageState, viewport: { width: 1440, height: 900 } });
    await page.goto(collector.url);
    await page
      .locator('.tile')
      .nth(SERVERS - 1)
      .waitFor();
    const [paint, drawn] = await page.evaluate<[number, number]>(
      "[performance.getEntriesByName('first-contentful-paint')[0].startTime, performance.now()]",
    );
    paintMs.push(paint);
    drawnMs.push(drawn);
    await page.close();
  }
  return { paintMs, drawnMs };
}

async function signedIn(browser: Browser, collector: Collector) {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(await collector.pageLink());
  await page.locator('.bar').waitFor();
  const state = await context.storageState();
  await context.close();
  return state;
}

/** Script, style and layout of one update, ms; every server's figures have changed. */
async function updates(page: Page): Promise<{ scriptMs: number[]; layoutMs: number[] }> {
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable');
  const read = async () => {
    const { metrics } = await session.send('Performance.getMetrics');
    return new Map(metrics.map(({ name, value }) => [name, value * 1000]));
  };
  const [scriptMs, layoutMs]: [number[], number[]] = [[], []];
  for (let update = 0; update < UPDATES; update++) {
    const before = await read();
    await nextOverview(page);
    const after = await read();
    const spent = (name: string) => after.get(name)! - before.get(name)!;
    scriptMs.push(spent('ScriptDuration'));
    layoutMs.push(spent('LayoutDuration') + spent('RecalcStyleDuration'));
  }
  return { scriptMs, layoutMs };
}

/** Resolves when the figure of all calls has changed, which it does with every update. */
async function nextOverview(page: Page): Promise<void> {
  const figure = page.locator('.figure').first();
  const before = await figure.textContent();
  while ((await figure.textContent()) === before) await page.waitForTimeout(200);
}

/** Ten people at once, a second between their questions; each also has the stream open. */
async function look(collector: Collector, token: string): Promise<Map<string, number[]>> {
  const headers = { authorization: `Bearer ${token}` };
  const times = new Map<string, number[]>(QUESTIONS.map((question) => [question, []]));
  const streams = new AbortController();
  const untilMs = performance.now() + LOOK_MS;
  const viewer = async (index: number) => {
    void fetch(`${collector.url}/api/v1/stream`, { headers, signal: streams.signal })
      .then((response) => response.text())
      .catch(() => {});
    await new Promise((resolve) => setTimeout(resolve, (1000 * index) / VIEWERS));
    while (performance.now() < untilMs) {
      for (const question of QUESTIONS) {
        const startMs = performance.now();
        const response = await fetch(`${collector.url}/api/v1${question}`, { headers });
        await response.arrayBuffer();
        if (!response.ok) throw new Error(`${question} answered ${response.status}`);
        times.get(question)!.push(performance.now() - startMs);
      }
      await new Promise((resolve) => setTimeout(resolve, 1000));
    }
  };
  await Promise.all(Array.from({ length: VIEWERS }, (_, index) => viewer(index)));
  streams.abort();
  return times;
}

function scriptKb(): { gzip: number; brotli: number } {
  const scripts = readdirSync(PAGE_FILES).filter((file) => file.endsWith('.js'));
  const sum = (compress: (data: Buffer) => Buffer) =>
    scripts.reduce((total, file) => total + compress(readFileSync(join(PAGE_FILES, file))).length, 0) / 1000;
  return { gzip: rounded(sum((data) => gzipSync(data))), brotli: rounded(sum((data) => brotliCompressSync(data))) };
}

export async function run(): Promise<BenchResult> {
  const executablePath = findChromium();
  if (executablePath === undefined) throw new Error('This needs Chromium; CHROME_PATH may name it');
  const directory = mkdtempSync(join(tmpdir(), 'mcp-vitals-bench-'));
  const dataDir = join(directory, 'data');
  await playHistory({ dataDir, scenario: SCENARIO, hours: 1.2, untilMs: Date.now, seed: 3 });
  const collector = await startCollector({ dataDir, port: 0 });
  const token = readFileSync(join(dataDir, 'tokens', 'read'), 'utf8').trim();
  const stopSending = keepSending(
    collector.url,
    readFileSync(join(dataDir, 'tokens', 'ingest'), 'utf8').trim(),
    SCENARIO,
  );
  const browser = await chromium.launch({ executablePath, args: [...CHROMIUM_ARGUMENTS] });
  try {
    const { paintMs, drawnMs } = await firstPaints(browser, collector);
    const page = await browser.newPage({ storageState: await signedIn(browser, collector) });
    await page.goto(collector.url);
    await page
      .locator('.tile')
      .nth(SERVERS - 1)
      .waitFor();
    const { scriptMs, layoutMs } = await updates(page);
    await browser.close();
    const times = await look(collector, token);
    const kb = scriptKb();
    const overviewP95Ms = quantile(times.get('/overview')!, 0.95);
    return {
      name: 'dashboard',
      question: `How quick is the page with ${SERVERS * TOOLS_PER_SERVER} series on ${SERVERS} servers, whose figures change all the time, and with ${VIEWERS} people who look?`,
      rows: [
        {
          what: 'first paint, empty cache',
          'p50 ms': rounded(median(paintMs)),
          'most ms': rounded(Math.max(...paintMs)),
        },
        {
          what: `all ${SERVERS} servers drawn`,
          'p50 ms': rounded(median(drawnMs)),
          'most ms': rounded(Math.max(...drawnMs)),
        },
        { what: 'script of an update', 'p50 ms': rounded(median(scriptMs)), 'most ms': rounded(Math.max(...scriptMs)) },
        {
          what: 'style and layout of an update',
          'p50 ms': rounded(median(layoutMs)),
          'most ms': rounded(Math.max(...layoutMs)),
        },
        ...[...times].map(([question, each]) => ({
          what: `${VIEWERS} viewers: ${question}`,
          'p50 ms': rounded(median(each)),
          'p95 ms': rounded(quantile(each, 0.95)),
          'most ms': rounded(Math.max(...each)),
        })),
        { what: 'script, gzip', kB: kb.gzip },
        { what: 'script, brotli', kB: kb.brotli },
      ],
      targets: [
        { target: 'first paint under 1 s', value: `${rounded(median(paintMs))} ms`, met: median(paintMs) < 1000 },
        {
          target: 'an update takes under 50 ms of script',
          value: `${rounded(median(scriptMs))} ms`,
          met: median(scriptMs) < 50,
        },
        {
          target: 'dashboard data, ten viewers, p95 under 50 ms',
          value: `${rounded(overviewP95Ms)} ms`,
          met: overviewP95Ms < 50,
        },
        { target: 'under 120 kB of script compressed', value: `${kb.gzip} kB`, met: kb.gzip < 120 },
      ],
      notes: ['Browser, collector and viewers share the cores of one machine.'],
    };
  } finally {
    await stopSending();
    await browser.close();
    await collector.stop();
    rmSync(directory, { recursive: true, force: true });
  }
}

await runWhenMain(import.meta.url, run);
