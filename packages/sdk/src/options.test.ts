import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { DEFAULT_OPTIONS, isSwitchedOff, resolveOptions, SETTINGS } from './options.ts';

function resolve(options: object, env: Record<string, string> = {}) {
  const warnings: string[] = [];
  const resolved = resolveOptions(options, env, (_kind, message) => void warnings.push(message));
  return { resolved, warnings };
}

describe('resolveOptions', () => {
  it('takes code before environment before defaults', () => {
    const env = { MCP_VITALS_WINDOW_MS: '500', MCP_VITALS_HEARTBEAT_MS: '5000' };
    const { resolved, warnings } = resolve({ windowMs: 250 }, env);
    expect(resolved).toEqual({ ...DEFAULT_OPTIONS, windowMs: 250, heartbeatMs: 5_000 });
    expect(warnings).toEqual([]);
  });

  it.each([
    [{ windowMs: 0 }, {}],
    [{ windowMs: '12px' }, {}],
    [{ endpoint: 'ftp://host' }, {}],
    [{ enabled: 'perhaps' }, {}],
    [{}, { MCP_VITALS_URL: 'nonsense' }],
    [{}, { MCP_VITALS_MAX_SERIES: '1.5' }],
    [{}, { MCP_VITALS_PROMETHEUS_PORT: '65536' }],
    [{}, { MCP_VITALS_PROMETHEUS_PORT: 'on' }],
    [{ prometheus: true }, {}],
    [{ prometheus: { port: '9464' } }, {}],
    [{ prometheus: { port: 9464, path: 'metrics' } }, {}],
    [{ prometheus: { port: 9464, host: '' } }, {}],
    [{ prometheus: { port: 9464, allowedHosts: 'metrics' } }, {}],
  ])('says what is not valid and uses the default: %j %j', (options, env) => {
    const { resolved, warnings } = resolve(options, env);
    expect(resolved).toEqual(DEFAULT_OPTIONS);
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toContain('expected');
  });

  it('takes the address of metrics as a port or with all there is to say', () => {
    const local = { port: 9464, host: '127.0.0.1', path: '/metrics', allowedHosts: [] };
    expect(resolve({}, { MCP_VITALS_PROMETHEUS_PORT: '9464' }).resolved.prometheus).toEqual(local);
    expect(resolve({ prometheus: { port: 9464 } }).resolved.prometheus).toEqual(local);
    const open = { port: 1, host: '0.0.0.0', path: '/m', allowedHosts: ['Server'] };
    expect(resolve({ prometheus: open }).resolved.prometheus).toEqual({ ...open, allowedHosts: ['server'] });
    expect(resolve({ prometheus: false }, { MCP_VITALS_PROMETHEUS_PORT: '9464' }).resolved.prometheus).toBe(false);
  });

  it('never repeats a value, which may be a secret put in the wrong place', () => {
    expect(resolve({ endpoint: 'hunter2' }).warnings[0]).not.toContain('hunter2');
  });

  it.each(['off', 'OFF', 'false', '0', 'no'])('MCP_VITALS=%s switches off, whatever the code says', (value) => {
    expect(isSwitchedOff({ MCP_VITALS: value })).toBe(true);
    expect(resolve({ enabled: true }, { MCP_VITALS: value }).resolved.enabled).toBe(false);
  });
});

it('docs/sdk.md lists every option with its variable and default', () => {
  const page = readFileSync(new URL('../../../docs/sdk.md', import.meta.url), 'utf8');
  for (const [name, setting] of Object.entries(SETTINGS)) {
    const row = page.split('\n').find((line) => line.startsWith(`| \`${name}\``));
    expect(row, name).toContain(setting.env === undefined ? '| only in code |' : `\`${setting.env}\``);
    if (typeof setting.default === 'number') expect(row).toContain(`| ${setting.default} |`);
  }
});
