/** What the page does: with alerts, with the keyboard, with links, and when the collector goes away. */
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { describeWithChromium } from '../../packages/collector/src/testing/describeWithChromium.ts';
import { FLEET } from '../../scripts/history/scenario.ts';
import { batchOf } from './support/batches.ts';
import { createWorld, settled, type World } from './support/world.ts';

interface ActiveAlert {
  alertId: string;
  mcpServer: string;
  status: string;
  acknowledgedBy?: string;
  notes?: string;
}

interface ServerFigures {
  name: string;
  healthScore: number;
  errorRate: number;
  status: string;
}

const asTile = ({ name, healthScore, errorRate, status }: ServerFigures) => ({
  name,
  badge: `${healthScore} ${status}`,
  errors: errorRate !== 0 && errorRate < 0.01 ? '<0.01 %' : `${Number(errorRate.toPrecision(3))} %`,
});
const byName = (a: { name: string | null }, b: { name: string | null }) => (a.name! < b.name! ? -1 : 1);

describeWithChromium('the page', (chromiumPath) => {
  let world: World;
  beforeAll(async () => {
    world = await createWorld({ chromiumPath: chromiumPath(), scenario: FLEET, hours: 5 });
  });
  afterAll(() => world?.end());

  const activeAlerts = async () =>
    (await world.collector.tool<{ alerts: ActiveAlert[] }>('get_active_alerts', {})).alerts;

  /** An alert that holds for as long as a test may take. */
  async function raise(server: string): Promise<ActiveAlert> {
    await world.collector.post(batchOf({ server, tool: 'slow', durationsMs: new Array(30).fill(3_000) }));
    return vi.waitFor(async () => {
      const found = (await activeAlerts()).find((alert) => alert.mcpServer === server);
      expect(found).toBeDefined();
      return found!;
    });
  }

  it('shows the numbers of the tools', async () => {
    const page = await world.open('/');
    await settled(page);
    const tiles = () =>
      page.locator('.tile').evaluateAll((elements) =>
        elements.map((element) => ({
          name: element.querySelector('.name')!.textContent,
          badge: element.querySelector('.badge')!.textContent,
          errors: element.querySelectorAll('dd')[1]!.textContent,
        })),
      );
    // Both move on with the minute, and the page a few seconds later.
    await vi.waitFor(
      async () => {
        const { mcpServers } = await world.collector.tool<{ mcpServers: ServerFigures[] }>(
          'get_performance_dashboard',
          {
            refreshInterval: 1,
          },
        );
        expect((await tiles()).toSorted(byName)).toEqual(mcpServers.map(asTile).toSorted(byName));
      },
      { timeout: 15_000, interval: 500 },
    );

    const endTime = new Date(Math.floor(Date.now() / 60_000) * 60_000);
    const startTime = new Date(endTime.getTime() - 3_600_000);
    const range = { startTime: startTime.toISOString(), endTime: endTime.toISOString() };
    const { summary } = await world.collector.tool<{
      summary: { totalCalls: number; p95ResponseTime: number; p99ResponseTime: number };
    }>('get_metrics', { ...range, mcpServer: 'checkout', toolName: 'quote_shipping' });
    await page.goto(
      `${world.collector.url}/tool?server=checkout&name=quote_shipping&from=${range.startTime}&to=${range.endTime}`,
    );
    await settled(page);
    const figures = await page.locator('.figures-small dd').allTextContents();
    const inMs = (valueMs: number) =>
      valueMs < 1000 ? `${Number(valueMs.toPrecision(3))} ms` : `${Number((valueMs / 1000).toPrecision(3))} s`;
    expect(figures[0]).toBe(summary.totalCalls.toLocaleString('en-US'));
    expect(figures[4]).toBe(inMs(summary.p95ResponseTime));
    expect(figures[5]).toBe(inMs(summary.p99ResponseTime));
  });

  it('acknowledges in the page what get_active_alerts shows as acknowledged', async () => {
    const { alertId } = await raise('orders');
    const page = await world.open('/alerts');
    const card = page.getByRole('article', { name: `Alert ${alertId}` });
    await card.getByRole('button', { name: 'Acknowledge' }).click();
    await card.getByLabel('Your name').fill('Ada');
    await card.getByLabel('Note for the others').fill('<b>restarting</b> it');
    await card.getByRole('button', { name: 'I am on it' }).click();
    await card.getByText('acknowledged by Ada').waitFor();
    expect(await card.locator('.note').textContent()).toBe('<b>restarting</b> it');
    expect((await activeAlerts()).find((alert) => alert.alertId === alertId)).toMatchObject({
      status: 'acknowledged',
      acknowledgedBy: 'Ada',
      notes: '<b>restarting</b> it',
    });
  });

  it('shows at once what was acknowledged elsewhere', async () => {
    const { alertId } = await raise('invoices');
    const page = await world.open('/alerts');
    const card = page.getByRole('article', { name: `Alert ${alertId}` });
    await card.getByRole('button', { name: 'Acknowledge' }).waitFor();
    await world.collector.tool('acknowledge_alert', { alertId, acknowledgedBy: 'Grace' });
    await card.getByText('acknowledged by Grace').waitFor();
    expect(await card.getByRole('button', { name: 'Acknowledge' }).count()).toBe(0);
  });

  it('silences, and ends a silence', async () => {
    const page = await world.open('/alerts');
    const card = page.locator('.alert').first();
    await card.getByRole('button', { name: 'Silence' }).click();
    await card.getByLabel('Your name').fill('Ada');
    await card.locator('form').getByRole('button', { name: 'Silence' }).click();
    const panel = page.getByRole('region', { name: 'Silences' });
    await panel.getByText('by Ada').waitFor();
    await panel.getByRole('button', { name: 'End it' }).click();
    await panel.getByText('None: everything is told.').waitFor();
    expect(await world.api('/silences')).toEqual({ silences: [] });
  });

  it('edits thresholds and objectives', async () => {
    const page = await world.open('/thresholds');
    const field = page.getByLabel('Response time (p95), warning', { exact: true });
    await field.fill('750');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('button', { name: 'Save' }).waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Turn off: CPU, warning' }).click();
    await page.getByRole('button', { name: 'Turn on: CPU, warning' }).waitFor();
    const { thresholds } = await world.api<{
      thresholds: { thresholdId: string; threshold: number; enabled: boolean }[];
    }>('/thresholds');
    const byId = new Map(thresholds.map((threshold) => [threshold.thresholdId, threshold]));
    expect(byId.get('response_time-warning')).toMatchObject({ threshold: 750, enabled: true });
    expect(byId.get('cpu-warning')).toMatchObject({ threshold: 70, enabled: false });

    await page.goto(`${world.collector.url}/objectives`);
    await page.getByLabel('Name').fill('search/answers ✓');
    await page.getByLabel('Server').fill('github');
    await page.getByRole('button', { name: 'Set', exact: true }).click();
    const panel = page.getByRole('region', { name: 'search/answers ✓' });
    await panel.getByText('of the error budget is left').waitFor();
    await panel.getByRole('button', { name: 'Remove' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Remove it' }).click();
    await panel.waitFor({ state: 'detached' });
    expect(await world.api('/objectives')).toEqual({ objectives: [] });
  });

  it('removes thresholds and rules that were set, once it is said again', async () => {
    await world.collector.tool('set_alert_threshold', { metric: 'memory', threshold: 60, severity: 'warning' });
    const rule = { alertName: 'busy <b>', metric: 'throughput', operator: 'gte', threshold: 1_000_000 };
    await world.collector.tool('set_performance_alert', rule);
    const page = await world.open('/thresholds');
    const remembered = async () => {
      const { thresholds } = await world.api<{ thresholds: { thresholdId: string; threshold: number }[] }>(
        '/thresholds',
      );
      const { rules } = await world.api<{ rules: { name: string }[] }>('/alert-rules');
      const memory = thresholds.find(({ thresholdId }) => thresholdId === 'memory-warning')!;
      return { memory: memory.threshold, rules: rules.map(({ name }) => name) };
    };
    const dialog = page.getByRole('dialog');
    const threshold = page.getByRole('button', { name: 'Remove the threshold Memory, warning' });
    await threshold.click();
    await dialog.getByText('The value that the collector comes with holds again.').waitFor();
    await dialog.getByRole('button', { name: 'Close' }).click();
    await dialog.waitFor({ state: 'detached' });
    expect(await remembered()).toEqual({ memory: 60, rules: ['busy <b>'] });

    await threshold.click();
    await dialog.getByRole('button', { name: 'Remove it' }).click();
    await threshold.waitFor({ state: 'detached' });
    const row = page.getByRole('row', { name: /busy <b>/ });
    await row.getByText('throughput ≥ 1,000,000 over 5 min').waitFor();
    await row.getByRole('button', { name: 'Remove the rule busy <b>' }).click();
    await dialog.getByRole('button', { name: 'Remove it' }).click();
    await row.waitFor({ state: 'detached' });
    expect(await remembered()).toEqual({ memory: 75, rules: [] });
  });

  it('says what all of it is in its address, and zooms by dragging', async () => {
    const page = await world.open('/tool?server=github&name=search_code&range=1h');
    await settled(page);
    const plot = page.locator('.u-over').first();
    const box = (await plot.boundingBox())!;
    await page.mouse.move(box.x + box.width * 0.3, box.y + 40);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.6, box.y + 60, { steps: 4 });
    await page.mouse.up();
    await page.waitForURL(/from=.*to=/);
    const { searchParams } = new URL(page.url());
    const lengthMs = Date.parse(searchParams.get('to')!) - Date.parse(searchParams.get('from')!);
    expect(lengthMs / 60_000).toBeGreaterThan(15);
    expect(lengthMs / 60_000).toBeLessThan(21);
    await settled(page);
    const other = await world.open(new URL(page.url()).pathname + new URL(page.url()).search);
    await settled(other);
    expect(await other.locator('.figures-small').textContent()).toBe(
      await page.locator('.figures-small').textContent(),
    );
    await page.goBack();
    await page.waitForURL(/range=1h/);
    await page.keyboard.press('[');
    await page.waitForURL(/from=/);
  });

  it('compares with the time before a new version, and with its distribution', async () => {
    const page = await world.open('/tool?server=github&name=search_code&range=1h');
    await settled(page);
    await page.getByLabel('Compare with').selectOption('deploy');
    await page.waitForURL(/against=deploy/);
    await page.getByText('p95 before the deploy').waitFor();
    // It is asked for once, and not with every look.
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    await page.getByText('Live', { exact: true }).waitFor();
    const [now, before] = await page.locator('.distribution .legend span').allTextContents();
    const p95Ms = (legend: string | undefined) => Number(/p95 ([\d.]+) ms/.exec(legend ?? '')?.[1]);
    // The scenario made it 2.6 times as slow.
    expect(p95Ms(now) / p95Ms(before)).toBeGreaterThan(2);
    expect(p95Ms(now) / p95Ms(before)).toBeLessThan(3.3);
    expect(asked.filter((url) => url.includes('/distribution')).length).toBeLessThan(3);
  });

  it('finds by name, and goes by keys alone', async () => {
    const page = await world.open('/');
    await settled(page);
    await page.keyboard.press('/');
    const field = page.getByRole('combobox', { name: 'Name of a server' });
    await field.fill('quote');
    await page.getByRole('option', { name: /quote_shipping/ }).waitFor();
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/tool\?server=checkout&name=quote_shipping/);
    await page.keyboard.press('g');
    await page.keyboard.press('a');
    await page.waitForURL(/\/alerts/);
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keyboard' }).waitFor();
    await page.keyboard.press('Escape');
    const theme = () => page.evaluate(() => document.documentElement.dataset.theme);
    const before = await theme();
    await page.keyboard.press('t');
    expect(await theme()).not.toBe(before);
    await page.reload();
    expect(await theme()).not.toBe(before);
  });

  it('says so when the collector goes away, and recovers', async () => {
    const page = await world.open('/');
    await page.getByText('Live', { exact: true }).waitFor();
    await page.locator('.tile').first().waitFor();
    const known = await page.locator('.tile').count();
    await world.restart(async () => {
      await page.getByText(/No collector; figures are from/).waitFor();
      // What was known stays.
      expect(await page.locator('.tile').count()).toBe(known);
    });
    await page.getByText('Live', { exact: true }).waitFor();
    // Complaints about connections that were refused meanwhile are the browser's own.
    expect(world.complaints().filter((text) => !/ERR_|Failed to load resource/.test(text))).toEqual([]);
  });
});
