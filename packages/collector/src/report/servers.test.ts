import { expect, it } from 'vitest';
import type { ServerInfo } from '../model/series.ts';
import { testAlert } from '../testing/filledStore.ts';
import { buildServers, systemHealth } from './servers.ts';

const known: ServerInfo[] = ['files', 'web'].map((name) => ({
  name,
  version: '1',
  firstSeenMs: 0,
  lastSeenMs: 0,
  liveInstances: 1,
  hosts: [],
  dropped: {},
}));

it('puts the worst server first, and counts only alerts whose condition holds', () => {
  const alerts = [testAlert({ server: 'web' }), testAlert({ server: 'files', clearedAtMs: 5 })];
  const servers = buildServers(known, new Map(), alerts);
  expect(servers.map(({ server, healthScore }) => [server, healthScore])).toEqual([
    ['web', 75],
    ['files', 100],
  ]);
  expect(systemHealth(servers, alerts)).toBe('degraded');
});

it('takes alerts into account that belong to no server', () => {
  const servers = buildServers(known, new Map(), []);
  expect(systemHealth(servers, [])).toBe('healthy');
  expect(systemHealth(servers, [testAlert({ server: '', severity: 'warning' })])).toBe('degraded');
  expect(systemHealth(servers, [testAlert({ server: '' })])).toBe('critical');
  expect(systemHealth(servers, [testAlert({ server: '', clearedAtMs: 1 })])).toBe('healthy');
});
