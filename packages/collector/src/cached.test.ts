import { describe, expect, it } from 'vitest';
import { Cached } from './cached.ts';
import { manualClock } from './testing/filledStore.ts';

describe('Cached', () => {
  it('makes anew what could not be made', async () => {
    let runs = 0;
    const cached = new Cached(async () => {
      if (++runs === 1) throw new Error('first');
      return runs;
    }, manualClock(0));
    await expect(cached.get(1000)).rejects.toThrow('first');
    expect(await cached.get(1000)).toBe(2);
    expect(await cached.get(1000)).toBe(2);
  });

  it('keeps nothing when nothing may be old', async () => {
    let runs = 0;
    const cached = new Cached(async () => ++runs, manualClock(0));
    expect([await cached.get(0), await cached.get(0)]).toEqual([1, 2]);
  });

  it('does not hand out what was begun before it was cleared', async () => {
    let finish: (value: string) => void = () => {};
    const makes = [new Promise<string>((resolve) => (finish = resolve)), Promise.resolve('new')];
    const cached = new Cached(() => makes.shift()!, manualClock(0));
    const before = cached.get(1000);
    cached.clear();
    expect(await cached.get(1000)).toBe('new');
    finish('old');
    expect(await before).toBe('old');
    expect(await cached.get(1000)).toBe('new');
  });
});
