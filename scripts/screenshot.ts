/**
 * Makes the pictures of the page that the README and docs show: a made-up fleet whose last day the real collector lived
 * through, looked at with Chromium.
 *
 *     npx tsx scripts/screenshot.ts          writes docs/images/
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium, type Page } from 'playwright-core';
import { CHROMIUM_ARGUMENTS, findChromium } from '../packages/collector/src/testing/describeWithChromium.ts';
import { startCollector } from './demo/collector.ts';
import { playHistory } from './history/play.ts';
import { FLEET } from './history/scenario.ts';

const IMAGES = fileURLToPath(new URL('../docs/images/', import.meta.url));
/** Long enough for "24 h" to be full. */
const HOURS = 26;
const SEED = 7;

interface Picture {
  name: string;
  address: string;
  colorScheme: 'light' | 'dark';
  width: number;
  height: number;
}

const PICTURES: readonly Picture[] = [
  { name: 'overview', address: '/', colorScheme: 'light', width: 1440, height: 900 },
  { name: 'overview-dark', address: '/', colorScheme: 'dark', width: 1440, height: 900 },
  {
    name: 'tool',
    address: '/tool?server=github&name=search_code&range=24h',
    colorScheme: 'light',
    width: 1440,
    height: 1180,
  },
  { name: 'phone', address: '/', colorScheme: 'dark', width: 390, height: 844 },
];

async function main(): Promise<void> {
  const executablePath = findChromium();
  if (executablePath === undefined) throw new Error('This needs Chromium; CHROME_PATH may name it');
  const directory = mkdtempSync(join(tmpdir(), 'mcp-vitals-pictures-'));
  const dataDir = join(directory, 'data');
  console.error('Living through a day');
  await playHistory({ dataDir, scenario: FLEET, hours: HOURS, untilMs: Date.now, seed: SEED });
  const collector = await startCollector({ dataDir, port: 0 });
  const browser = await chromium.launch({ executablePath, args: [...CHROMIUM_ARGUMENTS] });
  try {
    mkdirSync(IMAGES, { recursive: true });
    const context = await browser.newContext();
    const first = await context.newPage();
    await first.goto(await collector.pageLink());
    await drawn(first);
    const storageState = await context.storageState();
    for (const { name, address, colorScheme, width, height } of PICTURES) {
      const page = await browser.newPage({ storageState, colorScheme, viewport: { width, height } });
      await page.goto(collector.url + address);
      await drawn(page);
      await page.screenshot({ path: join(IMAGES, `${name}.png`) });
      console.error(`docs/images/${name}.png`);
    }
  } finally {
    await browser.close();
    await collector.stop();
    rmSync(directory, { recursive: true, force: true });
  }
}

async function drawn(page: Page): Promise<void> {
  await page.locator('.bar').waitFor();
  await page.locator('.skeleton, [aria-busy="true"]').first().waitFor({ state: 'detached' });
}

await main();
