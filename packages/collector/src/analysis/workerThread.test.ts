import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Clock, systemClock } from '../clock.ts';
import { VitalsError } from '../errors.ts';
import { createAnalysisThread } from './workerThread.ts';

/** Time limits that run out when a test says so. */
class Limits implements Pick<Clock, 'after'> {
  readonly pending = new Set<() => void>();

  after(_delayMs: number, run: () => void): () => void {
    this.pending.add(run);
    return () => void this.pending.delete(run);
  }
}

/** As the analyses of `illAnalyses.ts` are called, which no type knows. */
interface IllThread {
  run(name: string, input?: unknown): Promise<unknown>;
  close(): Promise<void>;
}

describe('the analysis thread', { timeout: 60_000 }, () => {
  let thread: IllThread;
  let limits: Limits;

  beforeEach(() => {
    limits = new Limits();
    thread = createAnalysisThread(limits, new URL('../testing/illAnalyses.ts', import.meta.url)) as IllThread;
  });
  afterEach(() => thread.close());

  it('answers each of many that are asked at once', async () => {
    const answers = await Promise.all([1, 2, 3, 4].map((value) => thread.run('double', value)));
    expect(answers).toEqual([2, 4, 6, 8]);
    expect(limits.pending.size).toBe(0);
  });

  it('hands on what an analysis throws, and goes on', async () => {
    await expect(thread.run('throws')).rejects.toThrow('RangeError: beyond all bounds');
    const refused = await thread.run('refuses').catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(VitalsError);
    expect(refused).toMatchObject({ code: 'not_found', message: 'There is none', hint: 'Make one.' });
    await expect(thread.run('noSuchAnalysis')).rejects.toThrow(/^TypeError/);
    await expect(thread.run('double', 21)).resolves.toBe(42);
  });

  it('refuses what cannot go from thread to thread, in either direction', async () => {
    await expect(thread.run('double', () => 1)).rejects.toMatchObject({ name: 'DataCloneError' });
    await expect(thread.run('answersWithFunction')).rejects.toThrow(/^DataCloneError/);
    expect(limits.pending.size).toBe(0);
    await expect(thread.run('double', 2)).resolves.toBe(4);
  });

  it('tells all who wait when the thread dies, and takes another', async () => {
    const settled = await Promise.allSettled([thread.run('exits'), thread.run('double', 1)]);
    for (const { status, ...how } of settled) {
      expect(status).toBe('rejected');
      expect(how).toMatchObject({ reason: { code: 'unavailable', message: 'The analysis ended early' } });
    }
    await expect(thread.run('double', 3)).resolves.toBe(6);
  });

  it('ends an analysis that takes too long, and takes another thread', async () => {
    const endless = thread.run('loops');
    await expect.poll(() => limits.pending.size).toBe(1);
    for (const runOut of limits.pending) runOut();
    await expect(endless).rejects.toMatchObject({ code: 'unavailable', message: 'The analysis took too long' });
    await expect(thread.run('double', 4)).resolves.toBe(8);
  });

  it('ends with the collector, whatever is under way', async () => {
    const endless = thread.run('loops');
    const closed = thread.close();
    await expect(endless).rejects.toMatchObject({ code: 'unavailable', message: 'The collector is ending' });
    await closed;
    await expect(thread.run('double', 5)).rejects.toMatchObject({ code: 'unavailable' });
  });
});

it('runs the analyses of the collector where none is named', async () => {
  const thread = createAnalysisThread(systemClock) as IllThread;
  await expect(thread.run('noSuchAnalysis')).rejects.toThrow(/^TypeError/);
  await thread.close();
});
