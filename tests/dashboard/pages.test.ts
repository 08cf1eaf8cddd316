/** Every page in a real browser, on a desk and on a phone, in light and dark: no complaint, nothing against WCAG AA. */
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeWithChromium } from '../../packages/collector/src/testing/describeWithChromium.ts';
import { FLEET } from '../../scripts/history/scenario.ts';
import { tokenOf } from '../e2e/support/collector.ts';
import { axeFindings, createWorld, DESKTOP, PHONE, settled, type World } from './support/world.ts';

const PAGES = {
  overview: '/',
  server: '/server?name=github&range=6h&against=deploy',
  tool: '/tool?server=checkout&name=quote_shipping&range=1h&against=yesterday',
  'tool by the day': '/tool?server=checkout&name=quote_shipping&range=30d',
  alerts: '/alerts',
  'alerts that are over': '/alerts?view=over',
  analysis: '/analysis?range=day',
  thresholds: '/thresholds',
  objectives: '/objectives',
  reports: '/reports',
  settings: '/settings',
  nowhere: '/server?name=unknown',
};

/** Looked at by people; nothing reads them. */
const SCREENSHOTS = process.env.MCP_VITALS_SCREENSHOTS ?? join(tmpdir(), 'mcp-vitals-screenshots');

describeWithChromium('pages', (chromiumPath) => {
  let world: World;

  beforeAll(async () => {
    mkdirSync(SCREENSHOTS, { recursive: true });
    world = await createWorld({ chromiumPath: chromiumPath(), scenario: FLEET });
    const body = JSON.stringify({ server: 'github', objectivePercent: 99.5 });
    const admin = { method: 'PUT', body, headers: adminHeaders(world) };
    expect((await fetch(`${world.collector.url}/api/v1/objectives/github%20answers`, admin)).status).toBe(200);
  });
  afterAll(() => world?.end());

  for (const [device, viewport] of Object.entries({ desktop: DESKTOP, phone: PHONE })) {
    for (const colorScheme of ['light', 'dark'] as const) {
      for (const [name, address] of Object.entries(PAGES)) {
        it(`${name}, ${device}, ${colorScheme}`, async () => {
          const page = await world.open(address, { viewport, colorScheme });
          await settled(page);
          expect(await axeFindings(page)).toEqual([]);
          expect(await overflowing(page)).toEqual([]);
          expect(world.complaints()).toEqual([]);
          await page.screenshot({ path: join(SCREENSHOTS, `${name}-${device}-${colorScheme}.png`), fullPage: true });
          await page.context().close();
        });
      }
    }
  }

  it('is less than 120 kB of script, compressed', () => {
    const assets = new URL('../../packages/collector/dist/dashboard/page/assets/', import.meta.url);
    const scripts = readdirSync(assets).filter((file) => file.endsWith('.js'));
    const bytes = scripts.map((file) => gzipSync(readFileSync(new URL(file, assets))).length);
    expect(scripts).not.toEqual([]);
    expect(bytes.reduce((sum, each) => sum + each, 0)).toBeLessThan(120_000);
  });

  it('moves nothing that was drawn before', async () => {
    const page = await world.open('/', { viewport: DESKTOP });
    await page.addInitScript(() => {
      const shifts: number[] = [];
      Object.assign(globalThis, { shifts });
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) shifts.push((entry as unknown as { value: number }).value);
      }).observe({ type: 'layout-shift' as 'paint', buffered: true });
    });
    for (const address of [PAGES.overview, PAGES.tool, PAGES.server]) {
      await page.goto(world.collector.url + address);
      await settled(page);
      const total = await page.evaluate(() =>
        (globalThis as unknown as { shifts: number[] }).shifts.reduce((sum, shift) => sum + shift, 0),
      );
      // Google's "good" is below 0.1.
      expect.soft(total, address).toBeLessThan(0.1);
    }
  });
});

/** What reaches over the right edge of the page, tables that scroll by themselves left out. */
function overflowing(page: Awaited<ReturnType<World['open']>>): Promise<string[]> {
  return page.evaluate(() => {
    const width = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= width) return [];
    return [...document.querySelectorAll('body *')]
      .filter(
        (element) => element.getBoundingClientRect().right > width + 1 && !element.closest('.table-box, nav, pre'),
      )
      .map((element) => element.outerHTML.slice(0, 120));
  });
}

function adminHeaders(world: World): Record<string, string> {
  return { authorization: `Bearer ${tokenOf(world.dataDir, 'admin')}`, 'content-type': 'application/json' };
}
