/** What tools do: use the processor, or wait. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Random } from '../../../scripts/demo/random.ts';

/** Keeps the thread busy until this process has used so much of the processor, however long that takes. */
export function useProcessor(cpuMs: number): void {
  const before = process.cpuUsage();
  let value = 0;
  for (;;) {
    for (let i = 0; i < 2_000; i++) value += Math.sqrt(i + value);
    const { user, system } = process.cpuUsage(before);
    if ((user + system) / 1_000 >= cpuMs) return;
  }
}

/** Waits about that long, a tenth more or less. */
export function wait(ms: number, random: Random): Promise<void> {
  return sleep(ms * (0.9 + 0.2 * random.next()));
}

/** Lognormal: mostly around the median, now and then several times as much. */
export function lognormal(median: number, sigma: number, random: Random): number {
  const normal = Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());
  return median * Math.exp(sigma * normal);
}

export const between = (low: number, high: number, random: Random): number => low + (high - low) * random.next();
