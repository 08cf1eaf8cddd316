/** Members of one data directory in one process: the lock tells connections apart, not processes. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { startApp } from '../app.ts';
import { systemClock } from '../clock.ts';
import { loadConfig } from '../config/load.ts';
import { createLogger } from '../logger.ts';
import { tryExclusiveLock } from '../store/sqlite/db/lock.ts';
import { createMember, type Member } from './member.ts';
import { tryOwn } from './ownership.ts';

let dataDir: string;
let members: Member[];
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'mv-member-'));
  members = [];
});
afterEach(async () => {
  for (const member of members) await member.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

const logger = createLogger('silent');

function newMember(set: string[] = []): Member {
  const { config } = loadConfig({ dataDir, port: '0', set }, {});
  const member = createMember({
    config,
    clock: systemClock,
    logger,
    tryLock: tryExclusiveLock,
    startOwned: (ownership) =>
      startApp(config, { clock: systemClock, logger, ownership, whenPortIsTaken: 'take_another' }),
  });
  members.push(member);
  return member;
}

const caller = { client: 'test', scope: 'admin' } as const;

const track = async (member: Member, mcpServer: string) => {
  const args = { mcpServer, toolName: 'work', duration: 5, success: true };
  const { structuredContent } = await member.backend.call('track_performance', args, caller);
  return structuredContent as Record<string, unknown> | undefined;
};

async function count(member: Member, mcpServer: string): Promise<unknown> {
  const range = {
    startTime: new Date(Date.now() - 600_000).toISOString(),
    endTime: new Date(Date.now() + 60_000).toISOString(),
  };
  const { structuredContent } = await member.backend.call('get_metrics', { mcpServer, ...range }, caller);
  return (structuredContent as { summary: { totalCalls: number } }).summary.totalCalls;
}

it.each([
  ['the unix socket', []],
  ['TCP', ['socket=false']],
])('one owns, the others attach over %s, and when it stops the next takes over', async (_door, set) => {
  const [first, second, third] = [newMember(set), newMember(set), newMember(set)];
  const kinds = await Promise.all([first, second, third].map((member) => member.ready()));
  expect(kinds.toSorted()).toEqual(['attached', 'attached', 'owner']);
  for (const member of [first, second, third]) expect(await track(member, 'shared')).toMatchObject({ stored: true });
  for (const member of [first, second, third]) expect(await count(member, 'shared')).toBe(3);

  const owner = [first, second, third][kinds.indexOf('owner')]!;
  const others = [first, second, third].filter((member) => member !== owner);
  const underWay = others.flatMap((member) => Array.from({ length: 20 }, () => track(member, 'shared')));
  await owner.stop();
  expect((await Promise.all(underWay)).every((result) => result?.stored === true)).toBe(true);
  for (const member of others) expect(await count(member, 'shared')).toBe(43);
  expect((await Promise.all(others.map((member) => member.ready()))).toSorted()).toEqual(['attached', 'owner']);
});

it('limits an attached process by itself', async () => {
  const owner = newMember(['limits.metricsPerMinute=2']);
  await owner.ready();
  const attached = newMember(['limits.metricsPerMinute=2']);
  for (const member of [owner, attached]) {
    expect(await track(member, 'limited')).toMatchObject({ stored: true });
    expect(await track(member, 'limited')).toMatchObject({ stored: true });
    expect(await track(member, 'limited')).toBeUndefined();
  }
});

it('tells the caller what was wrong, also through the daemon', async () => {
  const owner = newMember();
  await owner.ready();
  const attached = newMember();
  for (const member of [owner, attached]) {
    const answer = await member.backend.call(
      'acknowledge_alert',
      { alertId: 'alert-20000101-001', acknowledgedBy: 'me' },
      caller,
    );
    expect(answer).toMatchObject({ isError: true });
  }
});

it('answers nothing more once it was stopped', async () => {
  const member = newMember();
  await member.ready();
  await member.stop();
  // The directory is free again.
  const ownership = tryOwn(dataDir, tryExclusiveLock);
  expect(ownership).toBeDefined();
  ownership!.release();
  members.pop();
});
