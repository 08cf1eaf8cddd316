/** What strangers bring: names that want to be more than names, tokens that are none, and the first visit of all. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeWithChromium } from '../../packages/collector/src/testing/describeWithChromium.ts';
import { tokenOf } from '../e2e/support/collector.ts';
import { batchOf } from './support/batches.ts';
import { axeFindings, createWorld, PHONE, sessionCode, settled, type World } from './support/world.ts';

const HOSTILE_TOOL = '<img src=x onerror="document.title=`hacked`">';
const HOSTILE_SERVER = '"><script>document.title="hacked"</script>';
const LONG = 'long-'.repeat(60);
const RIGHT_TO_LEFT = 'أداة_البحث\u202Egnp.exe';

describeWithChromium('strangers', (chromiumPath) => {
  let world: World;
  beforeAll(async () => {
    world = await createWorld({ chromiumPath: chromiumPath() });
  });
  afterAll(() => world?.end());

  it('see the one line to add before anything has reported', async () => {
    const page = await world.open('/');
    await page.getByText('withMonitoring(server);').waitFor();
    expect(await axeFindings(page)).toEqual([]);
    expect(world.complaints()).toEqual([]);
  });

  it('may call things what they like: it is shown as text', async () => {
    for (const server of [HOSTILE_SERVER, LONG, RIGHT_TO_LEFT, '__proto__']) {
      for (const tool of [HOSTILE_TOOL, LONG, RIGHT_TO_LEFT]) {
        const calls = { server, tool, version: HOSTILE_TOOL, durationsMs: new Array(30).fill(2_000), failures: 20 };
        expect(await world.collector.post(batchOf({ ...calls, errorClass: HOSTILE_TOOL }))).toMatchObject({
          status: 200,
        });
      }
    }
    const pages = [
      '/',
      '/alerts',
      '/thresholds',
      `/server?name=${encodeURIComponent(HOSTILE_SERVER)}&range=15m`,
      `/tool?server=${encodeURIComponent(HOSTILE_SERVER)}&name=${encodeURIComponent(HOSTILE_TOOL)}&range=15m`,
      `/tool?server=${encodeURIComponent(RIGHT_TO_LEFT)}&name=${encodeURIComponent(RIGHT_TO_LEFT)}`,
      '/server?name=__proto__',
      '/server?name=__proto__&range=__proto__&against=__proto__',
      '/server?from=x&to=y',
      '/server?name=web&from=2020-01-01&to=2026-01-01',
      '/alerts?view=constructor',
      '/reports?kind=__proto__&server=nobody',
    ];
    for (const address of pages) {
      const page = await world.open(address, { viewport: PHONE });
      await settled(page);
      expect(await page.locator('img, main script').count()).toBe(0);
      expect(await page.title()).not.toBe('hacked');
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(PHONE.width);
      expect(await axeFindings(page)).toEqual([]);
      expect(world.complaints()).toEqual([]);
      await page.context().close();
    }
    const page = await world.open(`/server?name=${encodeURIComponent(HOSTILE_SERVER)}&range=15m`);
    await page.getByRole('link', { name: HOSTILE_TOOL }).first().click();
    await page.getByRole('heading', { level: 1, name: HOSTILE_TOOL }).waitFor();
    expect(world.complaints()).toEqual([]);
  });

  it('are kept to a policy that runs nothing but the page', async () => {
    const { headers } = await fetch(world.collector.url);
    const policy = headers.get('content-security-policy')!;
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toMatch(/unsafe|\*|https?:/);
    const page = await world.open('/');
    await settled(page);
    await page.evaluate(() => {
      const script = document.createElement('script');
      script.textContent = 'document.title = "hacked"';
      document.body.append(script);
    });
    expect(await page.title()).not.toBe('hacked');
    expect(world.complaints().join()).toContain('Content Security Policy');
  });

  it('without a token see how to get in, and nothing else', async () => {
    const context = await world.browser.newContext();
    const page = await context.newPage();
    const answers: string[] = [];
    page.on('response', async (response) => {
      if (response.url().includes('/api/')) answers.push(await response.text().catch(() => ''));
    });
    await page.goto(`${world.collector.url}/alerts`);
    await page.getByText('mcp-vitals dashboard').waitFor();
    expect(await axeFindings(page)).toEqual([]);
    await page.getByLabel(/paste a token/).fill('wrong');
    await page.getByRole('button', { name: 'Let me in' }).click();
    await page.getByText('A valid token is needed').waitFor();
    const seen = (await page.content()) + answers.join();
    for (const secret of [
      HOSTILE_SERVER,
      LONG,
      tokenOf(world.dataDir, 'read'),
      tokenOf(world.dataDir, 'admin'),
      world.dataDir,
    ])
      expect(seen).not.toContain(secret);
    await page.getByLabel(/paste a token/).fill(tokenOf(world.dataDir, 'read'));
    await page.getByRole('button', { name: 'Let me in' }).click();
    await settled(page);
    expect(new URL(page.url()).pathname).toBe('/alerts');
    // Who may look only is offered nothing to change.
    expect(await page.getByRole('button', { name: 'Acknowledge' }).count()).toBe(0);
    await context.close();
  });

  it('cannot use a link twice', async () => {
    const code = await sessionCode(world.collector.url, world.dataDir, 'read');
    const first = await world.browser.newContext();
    const page = await first.newPage();
    await page.goto(`${world.collector.url}/#code=${code}`);
    await settled(page);
    expect(page.url()).not.toContain('code');
    expect(await page.evaluate(() => document.cookie)).toBe('');
    const second = await world.browser.newContext();
    const other = await second.newPage();
    await other.goto(`${world.collector.url}/#code=${code}`);
    await other.getByText('This link was used before, or is too old').waitFor();
    await first.close();
    await second.close();
  });
});
