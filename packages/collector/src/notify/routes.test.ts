import { describe, expect, it } from 'vitest';
import { configSchema } from '../config/schema.ts';
import { testAlert } from '../testing/filledStore.ts';
import { channelsOf, checkRoutes, digestChannels } from './routes.ts';
import { Secrets } from './secrets.ts';
import { checkTemplate, fill } from './template.ts';

type Input = Parameters<typeof configSchema.parse>[0];

function routing(notifications: object, environments: Record<string, string[]> = {}) {
  const config = configSchema.parse({ dataDir: '/x', notifications, environments } as Input);
  return { ...config.notifications, environments: config.environments };
}

const channels = {
  chat: { type: 'slack', url: 'https://x.test' },
  mail: { type: 'email', host: 'x', from: 'a', to: ['b'] },
  tool: { type: 'mcp', server: { command: 'x' }, tool: 't' },
};

const message = (change: string, values: Parameters<typeof testAlert>[0] = {}) => ({
  kind: 'alert' as const,
  atMs: 0,
  change,
  alert: testAlert(values),
  deploy: null,
});

describe('routes', () => {
  it('without any, lead to every channel that people read, for what is news', () => {
    const all = routing({ channels });
    expect(channelsOf(message('created'), all)).toEqual(['chat', 'mail']);
    expect(channelsOf(message('cleared'), all)).toEqual(['chat', 'mail']);
    expect(channelsOf(message('repeated'), all)).toEqual([]);
    expect(channelsOf(message('acknowledged'), all)).toEqual([]);
    expect(digestChannels(all)).toEqual(['chat', 'mail']);
  });

  it('are not asked where a rule names channels, and those that are gone are left out', () => {
    const all = routing({ channels, routes: [{ channels: ['chat'], states: ['created'] }] });
    expect(channelsOf(message('created', { channels: ['mail', 'gone', '__proto__'] }), all)).toEqual(['mail']);
    expect(channelsOf(message('repeated', { channels: ['mail'] }), all)).toEqual([]);
    expect(channelsOf(message('created', { channels: [] }), all)).toEqual([]);
  });

  it('choose by state, severity, server, environment and deployment', () => {
    const routes = [
      { channels: ['chat'], states: ['created'], servers: ['shop*'] },
      { channels: ['mail', 'chat'], states: ['escalated'], severity: 'critical' },
      { channels: ['mail'], environments: ['production'], states: ['created'] },
      { channels: ['tool'], afterDeploy: true, severity: 'critical', states: ['created'] },
    ];
    const all = routing({ channels, routes }, { production: ['*-prod'] });
    expect(channelsOf(message('created', { server: 'shop-eu' }), all)).toEqual(['chat']);
    expect(channelsOf(message('created', { server: 'bank' }), all)).toEqual([]);
    expect(channelsOf(message('created', { server: 'shop-prod' }), all)).toEqual(['chat', 'mail']);
    expect(channelsOf(message('escalated', { severity: 'warning' }), all)).toEqual([]);
    expect(channelsOf(message('escalated'), all)).toEqual(['mail', 'chat']);
    const deployed = { ...message('created'), deploy: { atMs: 0, fromVersion: '1', toVersion: '2' } };
    expect(channelsOf(deployed, all)).toEqual(['tool']);
  });

  it('that lead nowhere are refused at the start', () => {
    expect(() => checkRoutes(routing({ channels, routes: [{ channels: ['chap'] }] }))).toThrow('no channel "chap"');
    expect(() => checkRoutes(routing({ channels, reportChannels: ['post'] }))).toThrow('no channel "post"');
    const routes = [{ channels: ['chat'], environments: ['prod'] }];
    expect(() => checkRoutes(routing({ channels, routes }))).toThrow('no environment "prod"');
  });
});

describe('templates', () => {
  it('put values in, at any depth, in their type where they stand alone', () => {
    const template = { a: '{{alert.value}}', b: ['{{alert.server}}: {{alert.value}}', 1, null], c: { d: true } };
    expect(fill(template, message('created'))).toEqual({ a: 7.5, b: ['files: 7.5', 1, null], c: { d: true } });
  });

  it('with a placeholder that does not exist are refused', () => {
    expect(() => checkTemplate({ a: ['{{alert.sever}}'] })).toThrow('no placeholder {{alert.sever}}');
    expect(() => checkTemplate({ a: '{{constructor}}' })).toThrow('no placeholder');
  });
});

describe('secrets', () => {
  it('come from where they are said to be, and are kept out of texts', () => {
    const secrets = new Secrets({ TOKEN: 'abc-12345' });
    expect(secrets.resolve('env:TOKEN')).toBe('abc-12345');
    expect(secrets.resolve('plain-secret')).toBe('plain-secret');
    expect(secrets.redact('it was abc-12345 and plain-secret')).toBe('it was (secret) and (secret)');
  });

  it('that are missing are named, not shown', () => {
    expect(() => new Secrets({}).resolve('env:TOKEN')).toThrow(
      expect.objectContaining({
        message: 'The environment variable TOKEN is not set',
        hint: expect.stringContaining('`env:TOKEN`'),
      }),
    );
    expect(() => new Secrets({}).resolve('file:/does/not/exist')).toThrow('/does/not/exist cannot be read: ENOENT');
  });
});
