/**
 * The main job as `npm start` runs it, shorter: it ends with 0 only when the collector counted, tool by tool, exactly
 * the calls and errors that the client made.
 */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
let directory: string;
let stdout: string;

/** A node without the loader and the conditions of the test run. */
function runDemo(...args: string[]): Promise<{ stdout: string; stderr: string }> {
  const { NODE_OPTIONS: _, ...env } = process.env;
  const command = ['--import', 'tsx', 'scripts/demo/main.ts', '--port', '0', '--directory', directory, ...args];
  return promisify(execFile)(process.execPath, command, { cwd: root, env });
}

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'mcp-vitals-demo-'));
  ({ stdout } = await runDemo('--seconds', '8'));
}, 120_000);
afterAll(() => rm(directory, { recursive: true, force: true }));

describe('the demo', () => {
  it('counts on both sides the same', () => {
    expect(stdout).toMatch(/the collector counted the same, for each of \d+ tools/);
    const [, calls] = /^([\d,]+) calls to 6 MCP servers in 8 s/m.exec(stdout)!;
    expect(Number(calls!.replaceAll(',', ''))).toBeGreaterThan(50);
  });

  it('shows every tool of every server with its quantiles', () => {
    for (const tool of ['echo', 'read_text_file', 'search_nodes', 'sequentialthinking', 'quote_shipping', 'forecast']) {
      expect(stdout).toMatch(new RegExp(`^ +${tool} +\\d+ +[\\d.]+ % +[\\d.,]+ +[\\d.,]+ +[\\d.,]+$`, 'm'));
    }
  });

  it('asks all eight questions', () => {
    const questions = [
      'get_metrics',
      'detect_anomalies',
      'get_active_alerts',
      'acknowledge_alert',
      'set_alert_threshold',
      'track_performance',
      'generate_performance_report',
      'get_performance_dashboard',
    ];
    for (const question of questions) expect(stdout).toMatch(new RegExp(`^ +${question} +[\\d.]+ ms`, 'm'));
  });

  it('finds the searches that became slow, and the carrier that always was', () => {
    expect(stdout).toMatch(/^ +(info|warning|critical) +example-shop search_products +response time/m);
    expect(stdout).toMatch(/^ +(warning|critical) +example-shop quote_shipping +response_time/m);
  });

  it('stays within 100 columns, and has no colours on a pipe', () => {
    const tooWide = stdout.split('\n').filter((line) => line.length > 100);
    expect(tooWide).toEqual([]);
    expect(stdout).not.toContain('\x1b');
  });

  it('leaves no process behind', () => {
    expect(existsSync(join(directory, 'collector', 'daemon.json'))).toBe(false);
  });
});

it('refuses arguments that make no sense, in one line', async () => {
  await expect(runDemo('--seconds', 'soon')).rejects.toMatchObject({
    code: 1,
    stderr: '--seconds takes a number up to 3600, not soon\n',
  });
});
