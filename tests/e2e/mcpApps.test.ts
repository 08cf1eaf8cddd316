/** The views as a client shows them: a real browser, a real bridge, and a real connection to a collector. */
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { type Browser, chromium } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { CHROMIUM_ARGUMENTS, describeWithChromium } from '../../packages/collector/src/testing/describeWithChromium.ts';
import { type Collector, startCollector, temporaryDataDir, tokenOf } from './support/collector.ts';
import { type ShownView, type ShowOptions, showView } from './support/viewHost.ts';

const HOSTILE_SERVER = '<img src=x onerror=window.top.hacked=1>';
const HOSTILE_TOOL = '</script><script>window.hacked=1</script>|`**`';
const WAIT = { timeout: 10_000, interval: 250 };

type Alerts = { alerts: { alertId: string; status: string; acknowledgedBy?: string; mcpServer: string }[] };

describeWithChromium('the views of MCP Apps', (program) => {
  const { dataDir, remove } = temporaryDataDir();
  let collector: Collector;
  let client: Client;
  let browser: Browser;
  let view: ShownView | undefined;

  const alerts = async () => (await collector.tool<Alerts>('get_active_alerts', {})).alerts;
  const range = () => ({
    startTime: new Date(Date.now() - 3_600_000).toISOString(),
    endTime: new Date(Date.now() + 60_000).toISOString(),
  });

  async function connect(scope: 'read' | 'admin'): Promise<Client> {
    const made = new Client(
      { name: 'test host', version: '1' },
      {
        versionNegotiation: { mode: 'auto' },
        capabilities: { extensions: { 'io.modelcontextprotocol/ui': { mimeTypes: ['text/html;profile=mcp-app'] } } },
      },
    );
    const headers = { authorization: `Bearer ${tokenOf(dataDir, scope)}` };
    await made.connect(new StreamableHTTPClientTransport(new URL('/mcp', collector.url), { requestInit: { headers } }));
    return made;
  }

  beforeAll(async () => {
    collector = await startCollector(dataDir, ['--set', 'dashboard.cacheSeconds=0']);
    const track = (mcpServer: string, toolName: string, duration: number, success: boolean) =>
      collector.tool('track_performance', { mcpServer, toolName, duration, success });
    for (let i = 0; i < 20; i++) {
      await track('files', 'read', 12, true);
      await track(HOSTILE_SERVER, HOSTILE_TOOL, 1500, i % 4 !== 0);
    }
    await vi.waitFor(async () => expect(await alerts()).not.toHaveLength(0), WAIT);
    client = await connect('admin');
    browser = await chromium.launch({ executablePath: program(), args: [...CHROMIUM_ARGUMENTS] });
  });
  afterAll(async () => {
    await browser?.close();
    await client?.close();
    await collector?.stop();
    remove();
  });
  afterEach(async () => {
    await view?.page.close();
    view = undefined;
  });

  const show = async (options: ShowOptions): Promise<ShownView> => {
    view = await showView(browser, client, options);
    return view;
  };
  const dashboard = (options: Partial<ShowOptions> = {}) =>
    show({ uri: 'ui://mcp-vitals/dashboard', tool: 'get_performance_dashboard', ...options });
  const report = (options: Partial<ShowOptions> = {}) =>
    show({ uri: 'ui://mcp-vitals/report', tool: 'generate_performance_report', args: range(), ...options });
  const texts = (selector: string) => view!.frame.locator(selector).allInnerTexts();
  const isUnharmed = async () => {
    expect(await view!.page.evaluate('window.hacked')).toBeUndefined();
    expect(await view!.frame.evaluate('window.hacked')).toBeUndefined();
    expect(await view!.frame.locator('img, iframe, script:not([type=module])').count()).toBe(0);
    expect(view!.problems).toEqual([]);
    expect(view!.requests).toEqual([]);
  };

  it('shows the figures that the tool answered', async () => {
    const { structured } = await dashboard();
    const servers = structured.mcpServers as { name: string; healthScore: number; status: string }[];
    expect(await texts('.tile h2')).toEqual(servers.map(({ name }) => name));
    expect(await texts('.score strong')).toEqual(servers.map(({ healthScore }) => String(healthScore)));
    expect((await texts('.tile .status')).map((word) => word.toLowerCase())).toEqual(
      servers.map(({ status }) => status),
    );
    const [files] = servers.filter(({ name }) => name === 'files');
    expect(await view!.frame.locator('.tile', { hasText: 'files' }).locator('dd').allInnerTexts()).toEqual([
      '12 ms',
      '0 %',
      '0',
    ]);
    expect(files).toMatchObject({ avgResponseTime: 12, errorRate: 0, activeAlerts: 0 });
    expect(await texts('.totals dd')).toEqual([
      String(servers.length),
      String(structured.activeAlerts),
      String(structured.recentAnomalies),
    ]);
    await isUnharmed();
  });

  it('acknowledges an alert, which everybody then sees', async () => {
    const { frame, called } = await dashboard();
    const [first] = await alerts();
    const row = frame.locator('.alert', { hasText: first!.alertId });
    await row.getByRole('button', { name: 'Acknowledge' }).click();
    await row.getByText('acknowledged by someone in test host').waitFor();
    expect(await row.getByRole('button').count()).toBe(0);
    expect(await frame.getByRole('status').textContent()).toBe(`${first!.alertId} is acknowledged.`);
    expect(await frame.evaluate('document.activeElement.textContent')).toContain(first!.alertId);
    expect((await alerts()).find(({ alertId }) => alertId === first!.alertId)).toMatchObject({
      status: 'acknowledged',
      acknowledgedBy: 'someone in test host',
    });
    expect(new Set(called.map(([name]) => name))).toEqual(
      new Set(['get_active_alerts', 'acknowledge_alert', 'get_performance_dashboard']),
    );
    expect(await texts('.alert-subject')).toContainEqual(expect.stringContaining(HOSTILE_SERVER));
    await isUnharmed();
  });

  it('says why an alert cannot be acknowledged', async () => {
    const reader = await connect('read');
    view = await showView(browser, reader, { uri: 'ui://mcp-vitals/dashboard', tool: 'get_performance_dashboard' });
    await view.frame.getByRole('button', { name: 'Acknowledge' }).first().click();
    await view.frame.getByText('acknowledge_alert needs a token of scope admin, not read').waitFor();
    await reader.close();
  });

  it('asks again when it is told to, and shows what is new', async () => {
    const { frame, called } = await dashboard();
    await collector.tool('track_performance', { mcpServer: 'late', toolName: 'x', duration: 1, success: true });
    await frame.getByRole('button', { name: 'Refresh' }).click();
    await frame.locator('.tile', { hasText: 'late' }).waitFor();
    expect(called.map(([name]) => name)).toContain('get_performance_dashboard');
  });

  it('refreshes by itself while somebody looks, and stops when it is torn down', async () => {
    const { page, called } = await dashboard({ hasClock: true });
    const asked = () => called.filter(([name]) => name === 'get_performance_dashboard').length;
    // Its time runs from when it is alive, which is after it is drawn.
    await vi.waitFor(() => expect(called.map(([name]) => name)).toContain('get_active_alerts'), WAIT);
    await page.clock.runFor(20_000);
    expect(asked()).toBe(0);
    await page.clock.runFor(11_000);
    await vi.waitFor(() => expect(asked()).toBe(1), WAIT);
    await view!.frame.getByRole('button', { name: 'Refresh', disabled: false }).waitFor();
    await page.clock.runFor(31_000);
    await vi.waitFor(() => expect(asked()).toBe(2), WAIT);
    expect(await page.evaluate('window.teardown()')).toEqual({});
    await page.clock.runFor(120_000);
    expect(asked()).toBe(2);
  });

  it('offers nothing that a client does not allow', async () => {
    const { frame, called } = await dashboard({ canCallTools: false });
    expect(await frame.getByRole('button').count()).toBe(0);
    expect(called).toEqual([]);
    await isUnharmed();
  });

  it('shows a report with its figures, its advice and its tables', async () => {
    const { frame, structured } = await report();
    const { totalCalls } = structured.summary as { totalCalls: number };
    expect((await texts('.totals dd'))[0]).toBe(totalCalls.toLocaleString('en-US'));
    const recommendations = structured.recommendations as string[];
    expect(await texts('section[aria-labelledby=recommendations] li')).toEqual(
      recommendations.map((words) => words.replaceAll('`', '')),
    );
    const titles = [...String(structured.report).matchAll(/^## (.*)$/gm)].map(([, title]) => title);
    expect(titles).toContain('Performance Metrics');
    for (const title of titles) expect([...(await texts('summary')), 'Recommendations']).toContain(title);
    await frame.locator('details', { hasText: 'Alerts Triggered' }).locator('summary').click();
    expect(await frame.locator('td code', { hasText: HOSTILE_SERVER }).count()).toBeGreaterThan(0);
    await isUnharmed();
  });

  it.each(['html', 'json'])('shows the document of a report that was asked for as %s', async (format) => {
    const { frame, called } = await report({ args: { ...range(), format } });
    await frame.locator('summary', { hasText: 'Executive Summary' }).waitFor();
    expect(called).toEqual([['generate_performance_report', expect.objectContaining({ format: 'markdown' })]]);
    await isUnharmed();
  });

  const looks = (['light', 'dark'] as const).flatMap((theme) => [320, 720].map((width) => [theme, width] as const));
  it.each(looks)('can be used by everybody: %s, %i px wide', async (theme, width) => {
    for (const open of [dashboard, report]) {
      const { frame, page, accessibility } = await open({ context: { theme }, width });
      if (open === dashboard) await frame.locator('.alert').first().waitFor();
      expect(await frame.evaluate('document.documentElement.dataset.theme')).toBe(theme);
      expect(await accessibility()).toEqual([]);
      expect(await frame.evaluate('document.documentElement.scrollWidth')).toBe(width);
      expect(await page.evaluate('window.heights.at(-1)')).toBeGreaterThan(300);
      await isUnharmed();
      await page.close();
    }
  });

  it("takes the client's colours, also when they change", async () => {
    const variables = { '--color-text-primary': 'rgb(1, 2, 3)' };
    const { page, frame } = await dashboard({ context: { theme: 'light', styles: { variables } } });
    const color = () => frame.evaluate('getComputedStyle(document.body).color');
    expect(await color()).toBe('rgb(1, 2, 3)');
    await page.evaluate(
      `window.tell({ theme: 'dark', styles: { variables: { '--color-text-primary': 'rgb(7, 8, 9)' } } })`,
    );
    await vi.waitFor(async () => expect(await color()).toBe('rgb(7, 8, 9)'), WAIT);
    expect(await frame.evaluate('document.documentElement.dataset.theme')).toBe('dark');
  });
});
