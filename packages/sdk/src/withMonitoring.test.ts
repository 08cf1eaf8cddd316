import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { McpServer as McpServerV2, Server as ServerV2 } from '@modelcontextprotocol/server';
import { afterAll, afterEach, beforeEach, describe, expect, expectTypeOf, it, vi } from 'vitest';
import { getMonitor, withMonitoring } from './index.ts';

let stderr: string;

beforeEach(() => {
  stderr = '';
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    stderr += String(text);
    return true;
  });
  process.env.MCP_VITALS_DATA = mkdtempSync(join(tmpdir(), 'mcp-vitals-sdk-'));
});

afterEach(() => void vi.restoreAllMocks());

afterAll(async () => {
  await getMonitor()?.shutdown();
});

const lowLevel = () => ({ _requestHandlers: new Map(), _serverInfo: { name: 'low', version: '1' } });

describe('withMonitoring', () => {
  it('does nothing when switched off', () => {
    vi.stubEnv('MCP_VITALS', 'off');
    const server = lowLevel();
    const { set } = server._requestHandlers;
    expect(withMonitoring(server)).toBe(server);
    expect(server._requestHandlers.set).toBe(set);
    expect(getMonitor()).toBeUndefined();
    vi.unstubAllEnvs();
  });

  it('gives back what is not a server, and says so once', () => {
    const hostile = new Proxy(
      {},
      {
        get: () => {
          throw new Error('hands off');
        },
      },
    );
    for (const thing of [{}, { _requestHandlers: {} }, [], () => {}]) expect(withMonitoring(thing)).toBe(thing);
    expect(withMonitoring(hostile)).toBe(hostile);
    expect(stderr.match(/not an MCP server/g)).toHaveLength(1);
  });

  it('wraps a server once', () => {
    const server = lowLevel();
    withMonitoring(server);
    const { set } = server._requestHandlers;
    withMonitoring({ server });
    expect(server._requestHandlers.set).toBe(set);
  });

  it('keeps the options of the first server of a process, and says once what differs', () => {
    withMonitoring(lowLevel(), { windowMs: 500, serverName: 'renamed' });
    withMonitoring(lowLevel(), { windowMs: 500 });
    expect(stderr.match(/option windowMs differs/g)).toHaveLength(1);
    expect(getMonitor()!.status.servers).toEqual(['low', 'renamed']);
  });

  it('shares its state with other copies of the package', async () => {
    vi.resetModules();
    const other = await import('./index.ts');
    expect(other.withMonitoring).not.toBe(withMonitoring);
    expect(other.getMonitor()).toBe(getMonitor());
  });

  it('has the type of what it is given', () => {
    const info = { name: 'typed', version: '1' };
    expectTypeOf(withMonitoring(new McpServer(info))).toEqualTypeOf<McpServer>();
    expectTypeOf(withMonitoring(new Server(info))).toEqualTypeOf<Server>();
    expectTypeOf(withMonitoring(new McpServerV2(info))).toEqualTypeOf<McpServerV2>();
    expectTypeOf(withMonitoring(new ServerV2(info))).toEqualTypeOf<ServerV2>();
  });
});
