/** The commands in this process; as processes of their own they are tested in tests/e2e. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { loadConfig } from '../config/load.ts';
import { VitalsError } from '../errors.ts';
import { coverageOf } from '../setup/coverage.ts';
import { configJson, configTable } from './config.ts';
import { describeFailure } from './failure.ts';
import { createProgram } from './program.ts';
import { serve } from './serve.ts';
import { onSignal } from './signals.ts';
import { statusOf } from './status.ts';
import { describeStatus } from './statusReport.ts';
import { runStdio } from './stdio.ts';

let dataDir: string;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'mv-cli-'));
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(dataDir, { recursive: true, force: true });
});

const configOf = () => loadConfig({ dataDir, port: '0', logLevel: 'silent' }, {}).config;

/** Runs a command line and returns what it printed. */
const NOTHING_CONFIGURED = coverageOf([]);
const statusLine = async () => describeStatus(await statusOf(dataDir, () => NOTHING_CONFIGURED), Date.now());

async function run(...args: string[]): Promise<string> {
  const lines: unknown[] = [];
  vi.spyOn(console, 'log').mockImplementation((line) => void lines.push(line));
  await (await createProgram(args)).parseAsync(args, { from: 'user' });
  return lines.join('\n');
}

describe('config', () => {
  it('prints every setting with its value and where it came from', async () => {
    const loaded = loadConfig({ dataDir, set: ['retention.hourDays=7'] }, {});
    expect(configTable(loaded)).toMatch(/^retention\.hourDays +7 +flag --set retention\.hourDays$/m);
    expect(JSON.parse(configJson(loaded))).toMatchObject({
      dataDir: { value: dataDir, origin: 'flag --data-dir' },
      'retention.dayDays': { value: 365, origin: 'default' },
    });
    expect(await run('config', '--data-dir', dataDir, '--port', '7')).toMatch(/^port +7 +flag --port$/m);
    expect(JSON.parse(await run('config', '--data-dir', dataDir, '--json'))).toHaveProperty('port');
  });
});

describe('serve and status', () => {
  it('tell whether there is a collector, and there is only one', async () => {
    await expect(statusLine()).rejects.toMatchObject({ code: 'not_found' });
    const app = await serve(configOf());
    expect(await statusLine()).toMatch(new RegExp(`^${app.url} ok, version .*pid ${process.pid}`));
    expect(await run('status', '--data-dir', dataDir)).toContain(app.url);
    await expect(serve(configOf())).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining(`process ${process.pid} at ${app.url}`),
    });
    await app.stop();
    await expect(statusLine()).rejects.toMatchObject({ code: 'not_found' });
  });

  it('say so when the directory cannot be used', async () => {
    const file = join(dataDir, 'file');
    writeFileSync(file, '');
    await expect(serve({ ...configOf(), dataDir: join(file, 'data') })).rejects.toMatchObject({
      code: 'unavailable',
      hint: expect.stringContaining('--data-dir'),
    });
  });
});

describe('stdio', () => {
  it('answers on stdout and ends when stdin does', async () => {
    const [stdin, stdout] = [new PassThrough(), new PassThrough()];
    const session = await runStdio(configOf(), stdin, stdout);
    const answered = new Promise<string>((resolve) => {
      let text = '';
      stdout.on('data', (chunk) => {
        text += chunk;
        if (text.includes('"id":2')) resolve(text);
      });
    });
    const send = (message: object) => stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
    const clientInfo = { name: 'test', version: '1' };
    send({ id: 1, method: 'initialize', params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo } });
    send({ method: 'notifications/initialized' });
    send({ id: 2, method: 'tools/call', params: { name: 'get_active_alerts', arguments: {} } });
    expect(await answered).toContain('"totalActive":0');
    stdin.end();
    await session.ended;
    await expect(statusLine()).rejects.toMatchObject({ code: 'not_found' });
  });
});

describe('status', () => {
  const HOUR_MS = 3_600_000;
  const NOW_MS = 100 * HOUR_MS;
  const seen = { version: '1.0.0', firstSeenAt: '1970-01-01T00:00:00.000Z', hosts: [], liveInstances: 0, dropped: {} };

  it('says who reported, what was lost and why, and who is not monitored', () => {
    const servers = [
      { ...seen, name: 'quiet', lastSeenAt: new Date(NOW_MS - 5 * HOUR_MS).toISOString() },
      {
        ...seen,
        name: 'busy\n\u202e',
        lastSeenAt: new Date(NOW_MS - 3_000).toISOString(),
        hosts: [],
        liveInstances: 2,
        dropped: { queue_full: 7, other: 1 },
      },
    ];
    const entry = { location: [], args: [], env: {}, disabled: false };
    const coverage = coverageOf([
      {
        client: 'Cursor',
        scope: 'user',
        path: '/home/u/.cursor/mcp.json',
        servers: [
          { ...entry, name: 'one', monitoring: 'preload' },
          { ...entry, name: 'two\u001b[31m', monitoring: 'not' },
          { ...entry, name: 'three', monitoring: 'proxy' },
          { ...entry, name: 'off', monitoring: 'not', disabled: true },
          { ...entry, name: 'far', monitoring: 'remote' },
          { ...entry, name: 'mcp-vitals', monitoring: 'collector' },
        ],
      },
    ]);
    const store = {
      databaseBytes: 6_901_352,
      journalBytes: 100,
      journalEntries: 54,
      freeDiskBytes: 74e9,
      seriesCount: 32,
      openMinutes: 1,
      conditions: ['read_only'],
    };
    const health = { ok: true, version: '1', pid: 2, uptimeSeconds: 250, store };
    const status = { url: 'http://127.0.0.1:1', health, servers, coverage };
    expect(describeStatus(status, NOW_MS).split('\n')).toEqual([
      'http://127.0.0.1:1 ok, version 1, pid 2, up for 4 min',
      '  store: read_only, 6.90 MB, 54 batches not yet in it, 74.0 GB free',
      '',
      'Servers that have reported',
      '  busy\\n\\u{202e} 1.0.0: 2 running, last seen 3 s ago, measurements lost: 7 because the collector was away for too long, 1 other',
      '  quiet 1.0.0: not running, last seen 5 h ago',
      '',
      'MCP clients of this user: 2 of 3 servers are set up to be monitored (67 %).',
      '  not set up: two\\u{1b}[31m, in /home/u/.cursor/mcp.json',
      '  `mcp-vitals init` shows how that would change.',
    ]);
  });

  it('says how far forwarding has got, and what went wrong', () => {
    const counts = { refusedPoints: 3, rejectedPoints: 0, lostMinutes: 58 };
    const forwarding = [
      {
        name: 'otlp',
        forwardedUntil: '2025-10-31T12:00:00.000Z',
        lagMinutes: 7,
        failures: 2,
        failingSeconds: 60,
        error: 'no\u001b[31m',
        counts,
      },
      { name: 'remoteWrite', failures: 0, failingSeconds: 0, counts: {} },
    ];
    const health = { ok: true, version: '1', forwarding };
    const status = { url: 'http://127.0.0.1:1', health, servers: [], coverage: coverageOf([]) };
    expect(describeStatus(status, NOW_MS).split('\n')).toEqual(
      expect.arrayContaining([
        'http://127.0.0.1:1 ok, version 1',
        'Forwarding',
        '  otlp: up to 2025-10-31T12:00:00.000Z, 7 min behind, 3 points refused, 58 minutes lost, failing: no\\u{1b}[31m',
        '  remoteWrite: nothing to forward yet',
      ]),
    );
  });

  it('says so when there is nothing to say', async () => {
    const app = await serve(configOf());
    const shown = await statusLine();
    await app.stop();
    expect(shown).toContain('No server has reported yet.');
    expect(shown).toContain('no server that could be monitored is configured');
  });
});

describe('failures and signals', () => {
  it('show what to do, and a stack only where the failure is ours', () => {
    expect(describeFailure(new VitalsError('invalid', 'Wrong', { hint: 'Do it right.' }))).toBe('Wrong\nDo it right.');
    expect(describeFailure(new VitalsError('invalid', 'Wrong'))).toBe('Wrong');
    expect(describeFailure(new Error('a bug'))).toMatch(/a bug\n +at /);
    expect(describeFailure('thrown text')).toBe('thrown text');
  });

  it.each([
    [() => Promise.resolve(), 0],
    [() => Promise.reject(new Error('no')), 1],
  ])('stop once and exit with what came of it', async (stop, code) => {
    // The SDK in this process comes and goes as it has something to send.
    const listening = () => [...process.listeners('SIGTERM'), ...process.listeners('SIGINT')];
    const before = listening();
    let stops = 0;
    const exited = new Promise<number>((resolve) => {
      onSignal(() => {
        stops += 1;
        return stop();
      }, resolve);
    });
    process.emit('SIGTERM');
    expect(await exited).toBe(code);
    expect(stops).toBe(1);
    expect(listening().filter((listener) => !before.includes(listener))).toEqual([]);
  });
});

it('shows where the database is, and never its password', () => {
  const url = 'postgres://vitals:very%20secret@db.example.org:5433/vitals?password=also';
  const loaded = loadConfig({ dataDir, set: [`store=${url}`] }, {});
  expect(loaded.config.store).toBe(url);
  for (const text of [configTable(loaded), configJson(loaded)]) {
    expect(text).toContain('postgres://***@db.example.org:5433/vitals"');
    expect(text).not.toMatch(/secret|also/);
  }
  expect(() => loadConfig({ dataDir, set: ['store=postgre://me:secret@db'] }, {})).toThrow(
    expect.objectContaining({ message: expect.not.stringContaining('secret') }),
  );
});
