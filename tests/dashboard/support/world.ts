/** A collector with a made-up history, as a process of its own, and a browser that has let itself in. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { CHROMIUM_ARGUMENTS } from '../../../packages/collector/src/testing/describeWithChromium.ts';
import { playHistory } from '../../../scripts/history/play.ts';
import type { Scenario } from '../../../scripts/history/scenario.ts';
import { type Collector, startCollector, temporaryDataDir, tokenOf } from '../../e2e/support/collector.ts';

export interface World {
  dataDir: string;
  collector: Collector;
  browser: Browser;
  /** A page that is signed in and at an address; what it complained of is gathered in `complaints`. */
  open(address: string, options?: BrowserContextOptions): Promise<Page>;
  /** Console errors, failed scripts and refused sources, since the last look. */
  complaints(): string[];
  /** The JSON API with the token of the owner. */
  api<Data = Record<string, unknown>>(path: string): Promise<Data>;
  /** Kills the collector and starts another on the same directory and port. */
  restart(whileDown?: () => Promise<void>): Promise<void>;
  end(): Promise<void>;
}

export interface WorldOptions {
  chromiumPath: string;
  /** Absent: nothing has reported yet. */
  scenario?: Scenario;
  hours?: number;
}

export const DESKTOP = { width: 1440, height: 900 };
export const PHONE = { width: 390, height: 844 };

const SEED = 11;

export async function createWorld({ chromiumPath, scenario, hours = 2 }: WorldOptions): Promise<World> {
  const { dataDir, remove } = temporaryDataDir();
  if (scenario) await playHistory({ dataDir, scenario, hours, untilMs: Date.now, seed: SEED });
  let collector = await startCollector(dataDir);
  const browser = await chromium.launch({ executablePath: chromiumPath, args: [...CHROMIUM_ARGUMENTS] });
  const complaints: string[] = [];
  const { port, origin } = new URL(collector.url);
  const storageState = await signedIn(browser, origin, dataDir);
  const contexts = new Set<BrowserContext>();
  return {
    dataDir,
    get collector() {
      return collector;
    },
    browser,
    async open(address, options = {}) {
      const context = await browser.newContext({ storageState, viewport: DESKTOP, ...options });
      contexts.add(context);
      // Sooner than the test's own limit, so that a failure names what was waited for.
      context.setDefaultTimeout(12_000);
      const page = await context.newPage();
      page.on('console', (message) => {
        if (message.type() === 'error') complaints.push(message.text());
      });
      page.on('pageerror', (error) => complaints.push(String(error)));
      await page.goto(origin + address);
      return page;
    },
    complaints: () => complaints.splice(0),
    api: (path) => readApi(origin, tokenOf(dataDir, 'admin'), path),
    async restart(whileDown) {
      await collector.kill();
      await whileDown?.();
      collector = await startCollector(dataDir, ['--port', port]);
    },
    async end() {
      for (const context of contexts) await context.close();
      await browser.close();
      await collector.stop();
      remove();
    },
  };
}

async function readApi<Data>(origin: string, token: string, path: string): Promise<Data> {
  const response = await fetch(`${origin}/api/v1${path}`, { headers: { authorization: `Bearer ${token}` } });
  if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
  return (await response.json()) as Data;
}

/** A code that begins a session, as `mcp-vitals dashboard` asks for it. */
export async function sessionCode(origin: string, dataDir: string, scope: 'read' | 'admin' = 'admin'): Promise<string> {
  const response = await fetch(`${origin}/api/v1/session/codes`, {
    method: 'POST',
    headers: { authorization: `Bearer ${tokenOf(dataDir, 'admin')}`, 'content-type': 'application/json' },
    body: JSON.stringify({ scope }),
  });
  return ((await response.json()) as { code: string }).code;
}

async function signedIn(browser: Browser, origin: string, dataDir: string) {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(`${origin}/#code=${await sessionCode(origin, dataDir)}`);
  await page.locator('.bar').waitFor();
  const state = await context.storageState();
  await context.close();
  return state;
}

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What axe finds against WCAG 2.2 A and AA, in words. */
export async function axeFindings(page: Page): Promise<string[]> {
  // Evaluated by the debugger, which the page's policy does not stop.
  await page.evaluate(AXE);
  return page.evaluate(async () => {
    const { axe } = globalThis as unknown as { axe: { run(options: object): Promise<{ violations: Violation[] }> } };
    interface Violation {
      id: string;
      nodes: { html: string; failureSummary: string }[];
    }
    const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
    const { violations } = await axe.run({ runOnly: { type: 'tag', values: tags } });
    return violations.flatMap(({ id, nodes }) =>
      nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 160)} ${failureSummary.replace(/\s+/g, ' ')}`),
    );
  });
}

/** Resolves when what was asked for is there and drawn. */
export async function settled(page: Page): Promise<void> {
  await page
    .locator('.bar')
    .waitFor()
    .catch(async (cause) => {
      // What is there instead says more than that something is not there.
      throw new Error(`The page shows: ${await page.locator('body').textContent()}`, { cause });
    });
  await page.waitForFunction(() => document.querySelector('.skeleton, [aria-busy="true"]') === null);
}
