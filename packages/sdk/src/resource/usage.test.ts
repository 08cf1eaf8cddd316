import { totalmem } from 'node:os';
import { describe, expect, it } from 'vitest';
import { HandClock } from '../testing/handClock.ts';
import { ResourceUsage, type UsageReading } from './usage.ts';

describe('ResourceUsage', () => {
  it('tells what this process used since the sample before', async () => {
    const clock = new HandClock();
    const usage = new ResourceUsage(clock);
    usage.eventLoopDelay.start();
    const before = process.cpuUsage();
    let work = 0;
    while (process.cpuUsage(before).user < 20_000) work += Math.sqrt(work + 1);
    await clock.advance(1_000);
    const sample = usage.sample()!;
    usage.eventLoopDelay.stop();
    expect(sample.atMs).toBe(clock.nowMs());
    // At least the 20 ms of work above, in a second of the hand-moved clock.
    expect(sample.cpuPercent).toBeGreaterThanOrEqual(2);
    expect(sample.memoryMb).toBeGreaterThan(10);
    expect(sample.heapUsedMb).toBeGreaterThan(1);
    expect(sample.heapTotalMb).toBeGreaterThanOrEqual(sample.heapUsedMb!);
    expect(sample.externalMb).toBeGreaterThan(0);
    expect(sample.memoryPercent).toBeGreaterThanOrEqual((100 * sample.memoryMb * 1_048_576) / totalmem() - 1e-9);
    expect(sample.memoryPercent).toBeLessThanOrEqual(100);
    expect(sample.diskIoKb).toBeGreaterThanOrEqual(0);
    expect(sample.eventLoopDelayMs).toBeGreaterThanOrEqual(0);
    if (process.platform === 'linux') expect(sample.cpuWaitPercent).toBeGreaterThanOrEqual(0);
    expect(sample.hostCpuPercent ?? 0).toBeLessThanOrEqual(100);
  });

  it('survives two samples at the same moment', () => {
    const usage = new ResourceUsage(new HandClock());
    usage.sample();
    for (const value of Object.values(usage.sample()!)) expect(Number.isFinite(value)).toBe(true);
  });

  it('is that of another process where one is given, as long as it can be read', async () => {
    const clock = new HandClock();
    let reading: UsageReading | undefined = { cpuMs: 500, memoryMb: 20, diskIoKb: 8, cpuWaitMs: 30 };
    const usage = new ResourceUsage(clock, { pid: 1, runtime: 'python', read: () => reading });
    await clock.advance(1_000);
    reading = { cpuMs: 750, memoryMb: 30, diskIoKb: 12, cpuWaitMs: 130 };
    const sample = usage.sample();
    expect(sample).toMatchObject({
      cpuPercent: 25,
      memoryMb: 30,
      diskIoKb: 4,
      eventLoopDelayMs: 0,
      cpuWaitPercent: 10,
    });
    expect(sample).not.toHaveProperty('heapUsedMb');
    reading = undefined;
    expect(usage.sample()).toBeUndefined();
  });
});
