/** Each check by itself; as a command and with real collectors it is tested in tests/setup. */
import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SCOPES } from '../serve/auth.ts';
import { readClients } from '../setup/clients.ts';
import { checkClientFiles } from './clientFiles.ts';
import { checkCollector, judgeClock } from './collector.ts';
import { checkDataDirectory, judgeSpace } from './dataDirectory.ts';
import type { Finding } from './finding.ts';
import { checkNodeVersion } from './nodeVersion.ts';
import { checkTokens } from './tokens.ts';
import { type StartedServer, tryServer } from './tryServer.ts';

let folder: string;

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'mv-doctor-')));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

const levels = (findings: readonly Finding[]) => findings.map(({ level }) => level);

describe('node', () => {
  it.each([
    ['20.18.1', 'ok'],
    ['20.18.0', 'problem'],
    ['20.9.9', 'problem'],
    ['20.20.0', 'ok'],
    ['18.99.99', 'problem'],
    ['22.0.0', 'ok'],
    ['26.1.0-nightly', 'ok'],
  ])('%s: %s', (version, level) => {
    expect(checkNodeVersion(version).level).toBe(level);
  });
});

describe('data directory', () => {
  it('is missing, private, open', () => {
    expect(levels(checkDataDirectory(join(folder, 'none')))).toEqual(['warning']);
    expect(levels(checkDataDirectory(folder))[0]).toBe('ok');
    chmodSync(folder, 0o755);
    expect(checkDataDirectory(folder)[0]).toMatchObject({
      level: 'problem',
      found: `${folder} is open to other users`,
    });
  });

  it('has room, little, none', () => {
    expect([2 ** 31, 2 ** 28, 2 ** 20].map((bytes) => judgeSpace(bytes).level)).toEqual(['ok', 'warning', 'problem']);
  });
});

describe('tokens', () => {
  const write = (scope: string, mode: number, text = 'secret') => {
    mkdirSync(join(folder, 'tokens'), { recursive: true });
    writeFileSync(join(folder, 'tokens', scope), text);
    chmodSync(join(folder, 'tokens', scope), mode);
  };

  it('are missing, readable, open to others, empty', () => {
    expect(checkTokens(folder).level).toBe('warning');
    for (const scope of SCOPES) write(scope, 0o600);
    expect(checkTokens(folder).level).toBe('ok');
    write(SCOPES[0], 0o644);
    expect(checkTokens(folder)).toMatchObject({
      level: 'problem',
      found: expect.stringMatching(/can be read by other users$/),
    });
    write(SCOPES[0], 0o600, '');
    expect(checkTokens(folder)).toMatchObject({ level: 'problem', found: expect.stringMatching(/is empty$/) });
  });

  it('are not what they should be', () => {
    writeFileSync(join(folder, 'tokens'), 'a file');
    expect(checkTokens(folder)).toMatchObject({ level: 'problem', found: expect.stringContaining('ENOTDIR') });
  });
});

describe('collector', () => {
  let server: Server | undefined;

  afterEach(() => {
    server?.close();
    server = undefined;
  });

  async function answering(status: number, body: string, date?: Date): Promise<string> {
    server = createServer((_request, response) => {
      response.writeHead(status, date === undefined ? {} : { date: date.toUTCString() }).end(body);
    });
    await new Promise<void>((resolve) => server!.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  it('has left no address', async () => {
    expect(await checkCollector(folder, undefined)).toMatchObject([{ level: 'problem' }]);
  });

  it('is another program', async () => {
    for (const [status, body] of [
      [200, '<html>'],
      [404, '{}'],
      [200, 'null'],
      [200, '{"ok":false}'],
    ] as const) {
      const [found] = await checkCollector(folder, await answering(status, body));
      expect(found).toMatchObject({ level: 'problem', found: expect.stringContaining('is no collector') });
      server!.close();
    }
  });

  it('is away', async () => {
    const url = await answering(200, '');
    await new Promise((resolve) => server!.close(resolve));
    expect(await checkCollector(folder, url)).toMatchObject([
      { level: 'problem', found: expect.stringContaining('nobody answers') },
    ]);
  });

  it('has another time', async () => {
    const url = await answering(200, '{"ok":true,"version":"1"}', new Date(Date.now() - 60_000));
    expect(await checkCollector(folder, url)).toMatchObject([
      { level: 'ok' },
      { level: 'warning', found: expect.stringMatching(/^(59|60|61) s ahead of/) },
    ]);
    expect(judgeClock(new Date(30_000).toUTCString(), 0)).toMatchObject({ found: "30 s behind the collector's" });
    expect(judgeClock(undefined, 0).level).toBe('ok');
    expect(judgeClock(new Date(4_000).toUTCString(), 0).level).toBe('ok');
  });

  it('is not asked by another protocol', async () => {
    expect(await checkCollector(folder, 'file:///etc/passwd')).toMatchObject([{ level: 'warning' }]);
    expect(await checkCollector(folder, 'nonsense')).toMatchObject([{ level: 'warning' }]);
  });
});

describe('client files', () => {
  function check(servers: object): Finding[] {
    const file = join(folder, 'mcp.json');
    writeFileSync(file, JSON.stringify({ mcpServers: servers }));
    return checkClientFiles(readClients({ search: false, files: [file] }));
  }

  it('name what is not there', () => {
    const findings = check({
      command: { command: join(folder, 'none') },
      bare: { command: 'no-such-command' },
      script: { command: process.execPath, args: [join(folder, 'gone.js')] },
      preload: { command: process.execPath, args: ['--import', `file://${folder}/register.mjs`, 'relative.js'] },
      off: { command: join(folder, 'none'), disabled: true },
      remote: { url: 'https://example.test' },
    });
    expect(findings.map(({ level, found }) => `${level} ${found.replaceAll(folder, '')}`)).toEqual([
      'problem command in /mcp.json: /none is not there',
      'problem bare in /mcp.json: no-such-command is not there',
      'problem script in /mcp.json: /gone.js does not exist',
      'problem preload in /mcp.json: /register.mjs does not exist',
    ]);
  });

  it('look where the server looks', () => {
    writeFileSync(join(folder, 'tool'), '#!/bin/sh\n', { mode: 0o755 });
    const off = { MCP_VITALS: 'off' };
    expect(levels(check({ a: { command: 'tool', env: { PATH: folder, ...off } } }))).toEqual(['ok']);
    expect(levels(check({ a: { command: './tool', cwd: folder, env: off } }))).toEqual(['ok']);
    chmodSync(join(folder, 'tool'), 0o644);
    expect(levels(check({ a: { command: './tool', cwd: folder, env: off } }))).toEqual(['problem']);
  });

  it('name servers that are not monitored, and files that no client can read', () => {
    expect(check({ a: { command: process.execPath, args: ['-v'] } })).toMatchObject([
      { level: 'warning', found: expect.stringContaining('is not set up to be monitored') },
    ]);
    writeFileSync(join(folder, 'bad.json'), '{"mcpServers": ');
    expect(checkClientFiles(readClients({ search: false, files: [join(folder, 'bad.json')] }))).toMatchObject([
      { level: 'problem', found: expect.stringContaining('bad.json:1:') },
    ]);
  });
});

describe('a server', () => {
  const path = fileURLToPath(new URL('../../../../tests/setup/servers/faulty.mjs', import.meta.url));
  const patience = { answerMs: 20_000, exitMs: 1_000 };
  const faulty = (fault: string, isMonitored = false): StartedServer => ({
    name: fault,
    command: process.execPath,
    args: [path, fault],
    isMonitored,
  });
  const lines = (findings: readonly Finding[]) => findings.map(({ level, found }) => `${level}: ${found}`);

  it('without a fault', async () => {
    expect(lines(await tryServer(faulty('none'), patience))).toEqual([
      'ok: answers',
      'ok: keeps stdout for the protocol',
      'ok: ends when its stdin does',
    ]);
  });

  it('that writes to stdout', async () => {
    expect(lines(await tryServer(faulty('chatty'), patience))).toEqual([
      'ok: answers',
      'problem: writes to stdout what is no message: Welcome\u001b[31m!',
      'ok: ends when its stdin does',
    ]);
  });

  it('that answers nothing', async () => {
    expect(lines(await tryServer(faulty('silent'), { ...patience, answerMs: 500 }))).toEqual([
      'problem: does not answer',
    ]);
  });

  it('that ends with an error', async () => {
    expect(lines(await tryServer(faulty('broken'), patience))).toEqual([
      'problem: ends before it answers (exit code 1); it said: Error: the database is not there',
    ]);
  });

  it('that does not exist', async () => {
    const server = { name: 'none', command: join(folder, 'none'), args: [], isMonitored: false };
    expect(lines(await tryServer(server, patience))).toEqual(['problem: ends before it answers (ENOENT)']);
  });

  it('that is measured by nobody, though it should be', async () => {
    expect(lines(await tryServer(faulty('none', true), patience))).toContain(
      'warning: is set up to be monitored, but nothing was measured',
    );
  });
});
