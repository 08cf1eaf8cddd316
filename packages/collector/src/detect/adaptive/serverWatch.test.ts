import { expect, it } from 'vitest';
import { MINUTE_MS } from '../../model/rollup.ts';
import { ServerWatch } from './serverWatch.ts';
import { randomSource } from './simulatedCalls.ts';

const DAY = 1_440;
const start = 3 * DAY;

function flagged(
  days: number,
  use: (minute: number, noise: number) => { memoryMb: number; cpuPercent: number },
): { memory: number[]; cpu: number[] } {
  const watch = new ServerWatch();
  const random = randomSource(3);
  const memory: number[] = [];
  const cpu: number[] = [];
  for (let i = 0; i < days * DAY; i += 1) {
    watch.observe({ atMs: i * MINUTE_MS, ...use(i, random() - 0.5) });
    if (watch.memory.isOpen) memory.push(i);
    if (watch.cpu.isOpen) cpu.push(i);
  }
  return { memory, cpu };
}

/** A saw-tooth of collections, and a day of load. */
const usual = (i: number, noise: number) => ({
  memoryMb: 200 + (i % 20) + 30 * Math.cos((2 * Math.PI * i) / DAY) + 5 * noise,
  cpuPercent: 30 + 20 * noise,
});

it('is calm on ordinary days', () => {
  expect(flagged(10, usual)).toEqual({ memory: [], cpu: [] });
});

it('sees a leak long before memory has doubled, and the restart', () => {
  const leak = (i: number) => (i >= start && i < start + 400 ? (i - start) / 2 : 0);
  const { memory } = flagged(5, (i, noise) => ({ ...usual(i, noise), memoryMb: usual(i, noise).memoryMb + leak(i) }));
  expect(memory[0]).toBeLessThan(start + 200);
  expect(memory.at(-1)).toBeLessThan(start + 400 + 5);
});

it('does not mind a step of a few per cent, or a restart', () => {
  const step = (i: number) => (i >= start ? 12 : 0) - (i >= start + DAY && i < start + DAY + 20 ? 80 : 0);
  const { memory } = flagged(6, (i, noise) => ({ ...usual(i, noise), memoryMb: usual(i, noise).memoryMb + step(i) }));
  expect(memory).toEqual([]);
});

it('sees a pinned processor after two minutes, and not one busy minute', () => {
  const isPinned = (i: number) => (i >= start && i < start + 20) || i === start + 500;
  const { cpu } = flagged(5, (i, noise) => (isPinned(i) ? { ...usual(i, noise), cpuPercent: 100 } : usual(i, noise)));
  expect(cpu[0]).toBe(start + 1);
  expect(cpu.at(-1)).toBe(start + 20);
});

it('does not call a processor pinned that always is', () => {
  const { cpu } = flagged(4, (i, noise) => ({ ...usual(i, noise), cpuPercent: 98 + 2 * noise }));
  expect(cpu).toEqual([]);
});

it('takes for the rule what lasts half a day', () => {
  const { cpu } = flagged(5, (i, noise) => ({ ...usual(i, noise), cpuPercent: i >= start ? 98 + noise : 30 }));
  expect(cpu[0]).toBe(start + 1);
  expect(cpu.at(-1)).toBe(start + 719);
});
