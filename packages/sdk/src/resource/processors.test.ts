import { availableParallelism } from 'node:os';
import { expect, it } from 'vitest';
import { cpuWaitMs, HostCpu } from './processors.ts';

it('tells of no process that is not there', () => {
  expect(cpuWaitMs(2 ** 30)).toBeUndefined();
});

it.runIf(process.platform === 'linux')('counts waiting that never gets less', () => {
  const before = cpuWaitMs('self')!;
  expect(before).toBeGreaterThanOrEqual(0);
  expect(cpuWaitMs('self')).toBeGreaterThanOrEqual(before);
});

it('sees the work of this process as part of what the machine does', () => {
  const host = new HostCpu();
  host.takePercent();
  const before = process.cpuUsage();
  let work = 0;
  while (process.cpuUsage(before).user < 200_000) work += Math.sqrt(work + 1);
  const percent = host.takePercent()!;
  expect(percent).toBeLessThanOrEqual(100);
  // This process kept one core busy all the time, unless others took it away; then those are seen.
  expect(percent).toBeGreaterThan(50 / availableParallelism());
});
