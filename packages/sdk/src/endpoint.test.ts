import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { DEFAULT_HTTP_ENDPOINT, describeEndpoint, findEndpoints, isLocal, parseEndpoint } from './endpoint.ts';

describe('parseEndpoint', () => {
  it.each([
    ['http://127.0.0.1:6848', { origin: 'http://127.0.0.1:6848' }],
    ['http://host:1/path?query', { origin: 'http://host:1' }],
    ['https://team.example', { origin: 'https://team.example' }],
    ['unix:/run/c.sock', { origin: 'http://localhost', socketPath: '/run/c.sock' }],
    ['unix:///run/c.sock', { origin: 'http://localhost', socketPath: '/run/c.sock' }],
    ['unix:', undefined],
    ['ftp://host', undefined],
    ['host:6848', undefined],
    ['', undefined],
  ])('%s', (text, endpoint) => expect(parseEndpoint(text)).toEqual(endpoint));
});

describe('findEndpoints', () => {
  it('uses what is configured and nothing else', () => {
    expect(findEndpoints('http://host:1', '/nowhere')).toEqual([{ origin: 'http://host:1' }]);
  });

  it('takes the default port where there is no socket', () => {
    expect(findEndpoints(undefined, '/nowhere').map(describeEndpoint)).toEqual([DEFAULT_HTTP_ENDPOINT]);
  });

  it.skipIf(process.platform === 'win32')(
    'prefers the socket of the data directory, and keeps the port in reserve',
    () => {
      const dataDir = mkdtempSync(join(tmpdir(), 'mcp-vitals-endpoint-'));
      const socketPath = join(dataDir, 'collector.sock');
      writeFileSync(socketPath, '');
      expect(findEndpoints(undefined, dataDir).map(describeEndpoint)).toEqual([
        `unix:${socketPath}`,
        DEFAULT_HTTP_ENDPOINT,
      ]);
    },
  );

  it.each([
    ['http://127.0.0.1:7001', 'http://127.0.0.1:7001'],
    ['http://0.0.0.0:7001', 'http://127.0.0.1:7001'],
    ['http://[::]:7001', 'http://[::1]:7001'],
    ['http://elsewhere.example:7001', undefined],
    ['unix:/run/other.sock', undefined],
    [42, undefined],
  ])('looks where the collector says it is, on this machine only: %s', (url, found) => {
    const dataDir = mkdtempSync(join(tmpdir(), 'mcp-vitals-endpoint-'));
    writeFileSync(join(dataDir, 'daemon.json'), JSON.stringify({ url }));
    const expected = found === undefined ? [DEFAULT_HTTP_ENDPOINT] : [found, DEFAULT_HTTP_ENDPOINT];
    expect(findEndpoints(undefined, dataDir).map(describeEndpoint)).toEqual(expected);
  });

  it('takes the default port where the file that should say it is cut', () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'mcp-vitals-endpoint-'));
    writeFileSync(join(dataDir, 'daemon.json'), '{"url":"http://127.0.0.1:70');
    expect(findEndpoints(undefined, dataDir).map(describeEndpoint)).toEqual([DEFAULT_HTTP_ENDPOINT]);
  });

  it('leaves a socket alone whose path is too long to be one', () => {
    expect(findEndpoints(undefined, `/${'x'.repeat(200)}`)).toHaveLength(1);
  });
});

describe('isLocal', () => {
  it.each([
    ['http://localhost:1', true],
    ['http://127.8.8.8:1', true],
    ['http://[::1]:1', true],
    ['unix:/x', true],
    ['http://127.0.0.1.example.org', false],
    ['http://10.0.0.1', false],
  ])('%s: %s', (text, local) => expect(isLocal(parseEndpoint(text)!)).toBe(local));
});
