/** A browser that holds a view as an MCP client would: in a sandboxed frame, with tools called over a real connection. */
import { createRequire } from 'node:module';
import type { Client } from '@modelcontextprotocol/client';
import type { Browser, Frame, Page } from 'playwright-core';
import { buildHostPage } from '../../../packages/dashboard/views/testing/hostPage.ts';

export interface ShowOptions {
  uri: string;
  tool: string;
  args?: Record<string, unknown>;
  context?: Record<string, unknown>;
  canCallTools?: boolean;
  width?: number;
  height?: number;
  /** Time that the test can move on, by `page.clock`. */
  hasClock?: boolean;
}

export interface ShownView {
  page: Page;
  frame: Frame;
  /** What the browser complained about, console and page alike. */
  problems: string[];
  /** Addresses that were asked for, the host's own page left out. */
  requests: string[];
  /** Tools that the view called. */
  called: [name: string, args: Record<string, unknown>][];
  /** What the tool answered when the view was opened. */
  structured: Record<string, unknown>;
  /** Ids of the rules that axe finds broken, with the elements. */
  accessibility(): Promise<string[]>;
}

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const HOST_URL = 'http://host.test/';

let hostPage: Promise<string> | undefined;

/** Calls the tool, reads the view that belongs to it, and shows the one in the other. */
export async function showView(browser: Browser, client: Client, options: ShowOptions): Promise<ShownView> {
  const { uri, tool, args = {}, context = {}, canCallTools = true, width = 720, height = 900 } = options;
  hostPage ??= buildHostPage();
  const page = await browser.newPage({ viewport: { width, height } });
  const problems: string[] = [];
  const requests: string[] = [];
  const called: ShownView['called'] = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) problems.push(message.text());
  });
  page.on('pageerror', (error) => problems.push(String(error)));
  page.on('request', (request) => {
    if (request.url() !== HOST_URL && request.url() !== 'about:srcdoc') requests.push(request.url());
  });
  await page.route(HOST_URL, async (route) => route.fulfill({ contentType: 'text/html', body: await hostPage! }));
  await page.exposeFunction('callTool', (name: string, given: Record<string, unknown>) => {
    called.push([name, given]);
    return client.callTool({ name, arguments: given });
  });
  if (options.hasClock) await page.clock.install();
  await page.goto(HOST_URL);
  const result = await client.callTool({ name: tool, arguments: args });
  const html = await readView(client, uri);
  await page.evaluate(`window.show(${JSON.stringify({ html, context, args, result, canCallTools })})`);
  const frame = page.frames()[1]!;
  await frame.waitForSelector('main');
  return {
    page,
    frame,
    problems,
    requests,
    called,
    structured: result.structuredContent as Record<string, unknown>,
    accessibility: () => brokenRules(frame),
  };
}

async function readView(client: Client, uri: string): Promise<string> {
  const [content] = (await client.readResource({ uri })).contents;
  if (content === undefined || !('text' in content)) throw new Error(`${uri} has no text`);
  return content.text;
}

async function brokenRules(frame: Frame): Promise<string[]> {
  const { readFileSync } = await import('node:fs');
  await frame.evaluate(readFileSync(AXE, 'utf8'));
  const result = (await frame.evaluate('axe.run()')) as {
    violations: { id: string; nodes: { html: string; failureSummary?: string }[] }[];
  };
  return result.violations.map(({ id, nodes }) => `${id}: ${nodes[0]!.html} ${nodes[0]!.failureSummary}`);
}
