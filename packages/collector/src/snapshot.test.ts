import { describe, expect, it } from 'vitest';
import { Snapshot } from './snapshot.ts';
import { manualClock } from './testing/filledStore.ts';

interface Making {
  done(value: string): void;
  failed(): void;
}

/** A snapshot that the test makes: fresh for 2 s, handed out for 15. */
function testSnapshot() {
  const clock = manualClock(0);
  const makings: Making[] = [];
  const make = () =>
    new Promise<string>((resolve, reject) => {
      makings.push({ done: resolve, failed: () => reject(new Error('not made')) });
    });
  return { clock, makings, snapshot: new Snapshot(make, clock, 2_000, 15_000) };
}

async function filled() {
  const world = testSnapshot();
  const first = world.snapshot.get();
  world.makings[0]!.done('first');
  await first;
  return world;
}

describe('a snapshot', () => {
  it('is made once for all who ask at the same time', async () => {
    const { snapshot, makings } = testSnapshot();
    const asked = Array.from({ length: 20 }, () => snapshot.get());
    expect(makings).toHaveLength(1);
    makings[0]!.done('one');
    expect(new Set(await Promise.all(asked))).toEqual(new Set(['one']));
    expect(await snapshot.get()).toBe('one');
    expect(makings).toHaveLength(1);
  });

  it('is fresh from when it was there, not from when its making began', async () => {
    const { snapshot, makings, clock } = testSnapshot();
    const first = snapshot.get();
    clock.advance(10_000);
    makings[0]!.done('first');
    await first;
    clock.advance(1_999);
    expect(await snapshot.get()).toBe('first');
    expect(makings).toHaveLength(1);
  });

  it('is handed out while it is made again, once, and then is the new one', async () => {
    const { snapshot, makings, clock } = await filled();
    clock.advance(2_000);
    expect(await Promise.all([snapshot.get(), snapshot.get(), snapshot.get()])).toEqual(['first', 'first', 'first']);
    expect(makings).toHaveLength(2);
    makings[1]!.done('second');
    await Promise.resolve();
    expect(await snapshot.get()).toBe('second');
    expect(makings).toHaveLength(2);
  });

  it('is waited for when it is too old', async () => {
    const { snapshot, makings, clock } = await filled();
    clock.advance(15_000);
    const asked = [snapshot.get(), snapshot.get()];
    expect(makings).toHaveLength(2);
    makings[1]!.done('second');
    expect(await Promise.all(asked)).toEqual(['second', 'second']);
  });

  it('is waited for after it was called out of date', async () => {
    const { snapshot, makings } = await filled();
    snapshot.invalidate();
    const asked = snapshot.get();
    expect(makings).toHaveLength(2);
    makings[1]!.done('second');
    expect(await asked).toBe('second');
  });

  it('forgets what was being made when it was called out of date, whichever ends first', async () => {
    for (const newFirst of [true, false]) {
      const { snapshot, makings } = testSnapshot();
      const before = snapshot.get();
      snapshot.invalidate();
      const after = snapshot.get();
      expect(makings).toHaveLength(2);
      for (const i of newFirst ? [1, 0] : [0, 1]) {
        makings[i]!.done(i === 1 ? 'new' : 'old');
        await (i === 1 ? after : before);
      }
      expect(await after).toBe('new');
      expect(await snapshot.get()).toBe('new');
      expect(makings).toHaveLength(2);
    }
  });

  it('rejects who waits, not who has one, and is made anew by the next', async () => {
    const { snapshot, makings, clock } = testSnapshot();
    const [one, other] = [snapshot.get(), snapshot.get()];
    makings[0]!.failed();
    await expect(one).rejects.toThrow('not made');
    await expect(other).rejects.toThrow('not made');
    const again = snapshot.get();
    expect(makings).toHaveLength(2);
    makings[1]!.done('second');
    expect(await again).toBe('second');

    clock.advance(3_000);
    expect(await snapshot.get()).toBe('second');
    makings[2]!.failed();
    await new Promise(setImmediate);
    expect(await snapshot.get()).toBe('second');
    expect(makings).toHaveLength(4);
    makings[3]!.done('third');
    await Promise.resolve();
    expect(await snapshot.get()).toBe('third');
  });
});
