/** `mcp-vitals report` against a collector in this process, and the route that it asks. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { App } from '../app.ts';
import { loadConfig } from '../config/load.ts';
import { reportCsp } from '../report/html/html.ts';
import { describeWithChromium } from '../testing/describeWithChromium.ts';
import { createProgram } from './program.ts';
import { type ReportFlags, reportQueryOf } from './report.ts';
import { serve } from './serve.ts';

let dataDir: string;
let app: App;
beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'mv-report-'));
  app = await serve(loadConfig({ dataDir, port: '0', logLevel: 'silent' }, {}).config);
  const call = { mcpServer: 'files', toolName: 'read', duration: 12, success: true };
  for (let index = 0; index < 20; index++) {
    await app.backend.call('track_performance', call, { client: 'test', scope: 'admin' });
  }
});
afterEach(() => void vi.restoreAllMocks());
afterAll(async () => {
  await app.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

async function run(...args: string[]): Promise<string> {
  const lines: unknown[] = [];
  vi.spyOn(console, 'log').mockImplementation((line) => void lines.push(line));
  await (await createProgram(['report'])).parseAsync(['report', '--data-dir', dataDir, ...args], { from: 'user' });
  return lines.join('\n');
}

describe('mcp-vitals report', () => {
  it('prints a report, as Markdown unless something else is asked for', async () => {
    const markdown = await run('--last', '1h');
    expect(markdown).toMatch(/^# Performance report, /);
    expect(markdown).toContain('| `read` | `files` | 20 | 0 % | 12 ms |');
    expect(JSON.parse(await run('--json'))).toMatchObject({ kind: 'period', overall: { calls: 20 } });
    expect(await run('--format', 'html', '--server', 'files')).toMatch(/^<!doctype html>/);
  });

  it('knows the day, the week and a range', async () => {
    expect(await run('--daily')).toMatch(/^# Daily performance summary, .*:00:00 UTC$/m);
    expect(await run('--weekly')).toContain('## Week over Week');
    expect(await run('--daily', '--from', '2025-10-30')).toContain('2025-10-30 00:00:00 to 2025-10-31 00:00:00 UTC');
    expect(await run('--daily', '--to', '2025-10-31')).toContain('2025-10-30 00:00:00 to 2025-10-31 00:00:00 UTC');
    const range = ['--from', '2025-10-31T12:00:00Z', '--to', '2025-10-31T13:00:00Z'];
    expect(await run(...range)).toContain('2025-10-31 12:00:00 to 2025-10-31 13:00:00 UTC');
  });

  it('leaves recommendations out', async () => {
    expect(await run('--no-recommendations')).toContain('Not asked for.');
  });

  it('writes a file', async () => {
    const path = join(dataDir, 'report.md');
    expect(await run('--output', path)).toBe(`Written to ${path}`);
    expect(readFileSync(path, 'utf8')).toMatch(/^# Performance report/);
    await expect(run('--output', join(path, 'x'))).rejects.toMatchObject({ code: 'invalid' });
  });

  it.each([
    [['--last', 'soon'], /--last soon/],
    [['--format', 'docx'], /one of markdown, json, html/],
    [['--daily', '--weekly'], /not both/],
    [['--last', '1h', '--from', '2025-10-31'], /not both/],
    [['--last', '1h', '--daily'], /not both/],
    [['--weekly', '--from', '2025-10-01', '--to', '2025-10-03'], /covers 168 hours/],
    [['--pdf', 'a', '--output', 'b'], /not both/],
    [['--from', 'yesterday'], /not a time/],
    [['--from', '2025-10-31', '--to', '2025-10-30'], /not before/],
  ])('refuses %j', async (args, message) => {
    await expect(run(...args)).rejects.toMatchObject({ code: 'invalid', message: expect.stringMatching(message) });
  });

  it('says that there is no Chromium, and makes no file', async () => {
    vi.stubEnv('CHROME_PATH', join(dataDir, 'none'));
    const path = join(dataDir, 'none.pdf');
    await expect(run('--pdf', path)).rejects.toMatchObject({ code: 'not_found' });
    expect(existsSync(path)).toBe(false);
    vi.unstubAllEnvs();
  });
});

it('asks for minutes', () => {
  const flags = (last: string) => ({ last, recommendations: true }) as ReportFlags;
  expect(reportQueryOf(flags('90m'), 'json').get('minutes')).toBe('90');
  expect(reportQueryOf(flags('7d'), 'json').get('minutes')).toBe('10080');
  expect(reportQueryOf(flags('2w'), 'json').get('minutes')).toBe('20160');
});

describe('GET /api/v1/reports', () => {
  const get = (query: string, headers: Record<string, string> = {}) => {
    const token = readFileSync(join(dataDir, 'tokens', 'read'), 'utf8').trim();
    return fetch(`${app.url}/api/v1/reports?${query}`, { headers: { authorization: `Bearer ${token}`, ...headers } });
  };

  it('answers each format with its type, and HTML with the policy that its style needs', async () => {
    const html = await get('format=html');
    expect(html.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(html.headers.get('content-security-policy')).toBe(reportCsp());
    expect(html.headers.get('x-content-type-options')).toBe('nosniff');
    expect(html.headers.get('content-disposition')).toBeNull();
    const json = await get('kind=daily&recommendations=false');
    expect(json.headers.get('content-type')).toBe('application/json');
    expect(json.headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
    expect(await json.json()).toMatchObject({ kind: 'daily' });
    expect((await get('format=markdown')).headers.get('content-type')).toBe('text/markdown; charset=utf-8');
  });

  it('names the file that is to be saved, in words of ours only', async () => {
    const answer = await get(`format=html&kind=weekly&download=1&server=${encodeURIComponent('a"\r\nb')}`);
    expect(answer.headers.get('content-disposition')).toMatch(
      /^attachment; filename="mcp-vitals-weekly-\d{4}-\d\d-\d\d\.html"$/,
    );
  });

  it('refuses what it does not know, and who may not read', async () => {
    expect((await get('format=pdf')).status).toBe(400);
    expect((await get('colour=red')).status).toBe(400);
    expect((await get('', { authorization: 'Bearer no' })).status).toBe(401);
  });
});

describeWithChromium('mcp-vitals report --pdf', () => {
  it('prints a PDF', async () => {
    const path = join(dataDir, 'report.pdf');
    expect(await run('--weekly', '--pdf', path)).toBe(`Written to ${path}`);
    const pdf = readFileSync(path, 'latin1');
    expect(pdf).toMatch(/^%PDF-/);
    expect(pdf.match(/\/Type\s*\/Page\b/g)!.length).toBeGreaterThan(1);
  });
});
