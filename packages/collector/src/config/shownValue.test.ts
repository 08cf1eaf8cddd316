import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ConfigInput, configSchema } from './schema.ts';
import { SETTINGS, shownValue } from './settings.ts';

const shown = (settings: Partial<ConfigInput>, path: string) =>
  shownValue(configSchema.parse({ dataDir: '/data', ...settings }), path);
const shownStore = (store: string) => String(shown({ store }, 'store'));

describe('a setting as it may be shown', () => {
  it.each([
    ['sqlite', 'sqlite'],
    ['postgres://db.example/vitals', 'postgres://db.example/vitals'],
    ['postgres://ann@db.example/vitals', 'postgres://***@db.example/vitals'],
    ['postgresql://ann:SECRET@db.example:5433/vitals', 'postgresql://***@db.example:5433/vitals'],
    ['postgres://ann:SEC@RET@db.example/vitals', 'postgres://***@db.example/vitals'],
    ['postgres://ann:SECRET@[::1]:5432/vitals?sslmode=require', 'postgres://***@[::1]:5432/vitals'],
    ['postgres://db.example/vitals?user=ann&password=SECRET', 'postgres://db.example/vitals'],
    ['postgres://db.example/vitals#password=SECRET', 'postgres://db.example/vitals'],
    ['postgres:///vitals?host=/run/postgresql&password=SECRET', 'postgres:///vitals'],
    ['postgres://ann:SEC/RET@db.example/vitals', 'postgres://***'],
    ['postgres://ann:1/SECRET@db.example/vitals', 'postgres://***'],
    ['postgres://ann:x@y/SECRET@db.example/vitals', 'postgres://***'],
    ['postgres://ann:SEC?RET@db.example/vitals', 'postgres://***'],
    ['postgres://ann:SEC RET@db.example:x/vitals', 'postgres://***'],
  ])('of the store %s is %s', (store, expected) => {
    expect(shownStore(store)).toBe(expected);
  });

  it('holds nothing of a password, whatever is in it', () => {
    const password = fc
      .string({ unit: fc.constantFrom(...'@/?#:%a1 '), maxLength: 4 })
      .map((text) => `${text}SECRET${text}`);
    fc.assert(
      fc.property(password, fc.boolean(), (text, isEncoded) => {
        const store = `postgres://ann:${isEncoded ? encodeURIComponent(text) : text}@db.example/vitals`;
        fc.pre(configSchema.shape.store.safeParse(store).success);
        expect(shownStore(store)).not.toMatch(/SECRET/i);
      }),
      { numRuns: 500 },
    );
  });

  it('of forwarding says where to, and no secret', () => {
    const forward = {
      otlp: { endpoint: 'https://ann:SECRET@otlp.example/v1/metrics?key=SECRET', headers: { authorization: 'SECRET' } },
      remoteWrite: { url: 'env:WRITE_URL', bearerToken: 'SECRET', headers: { 'x-scope': 'SECRET' } },
    };
    expect(shown({ forward }, 'forward.otlp.endpoint')).toBe('https://***@otlp.example/v1/metrics');
    expect(shown({ forward }, 'forward.otlp.headers')).toEqual({ authorization: '***' });
    expect(shown({ forward }, 'forward.remoteWrite.url')).toBe('env:WRITE_URL');
    expect(shown({ forward }, 'forward.remoteWrite.bearerToken')).toBe('***');
    expect(shown({ forward }, 'forward.remoteWrite.headers')).toEqual({ 'x-scope': '***' });
    expect(shown({}, 'forward.otlp.endpoint')).toBe('');
    const everything = JSON.stringify(SETTINGS.map(({ path }) => shown({ forward }, path)));
    expect(everything).not.toContain('SECRET');
  });

  it('of channels says of what type they are', () => {
    const channels = {
      team: { type: 'slack', url: 'https://hooks.example/SECRET' },
      hook: { type: 'webhook', url: 'https://hooks.example', secret: 'SECRET', headers: { a: 'SECRET' } },
      mail: { type: 'email', host: 'h', from: 'f', to: ['t'], user: 'u', password: 'SECRET' },
      page: { type: 'pagerduty', routingKey: 'SECRET' },
      tool: { type: 'mcp', server: { command: 'c', env: { KEY: 'SECRET' } }, tool: 't' },
    } as const;
    const types = shown({ notifications: { channels } } as never, 'notifications.channels');
    expect(types).toEqual({
      team: { type: 'slack' },
      hook: { type: 'webhook' },
      mail: { type: 'email' },
      page: { type: 'pagerduty' },
      tool: { type: 'mcp' },
    });
  });

  it('of Alertmanagers says where they are and not how to get in', () => {
    const urls = ['http://ann:SECRET@am.example:9093/x', 'file:/run/secrets/am'];
    const alertmanager = { urls, bearerToken: 'SECRET://x', user: 'ann', password: 'env:AM_PASSWORD' };
    const of = (path: string) => shown({ alertmanager }, `alertmanager.${path}`);
    expect(of('urls')).toEqual(['http://***@am.example:9093/x', 'file:/run/secrets/am']);
    expect(['bearerToken', 'user', 'password'].map(of)).toEqual(['***', 'ann', 'env:AM_PASSWORD']);
  });

  it('is the value itself of all the others', () => {
    expect(shown({ port: 1 }, 'port')).toBe(1);
    for (const { path, defaultValue } of SETTINGS.filter((setting) => setting.path !== 'dataDir'))
      expect([path, shown({}, path)]).toEqual([path, defaultValue]);
  });
});
