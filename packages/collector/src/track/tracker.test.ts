import { type Batch, decodeBatch } from '@mcp-vitals/wire/decode';
import { describe, expect, it } from 'vitest';
import { VitalsError } from '../errors.ts';
import type { TrackedCall } from '../serve/ports/tracking.ts';
import { createTracker } from './tracker.ts';

const call = (fields: Partial<TrackedCall> = {}): TrackedCall => ({
  server: 's',
  tool: 't',
  durationMs: 5,
  success: true,
  errorMessage: undefined,
  resources: undefined,
  ...fields,
});

/** A tracker whose time is moved by hand and whose batches end in a list. */
function trackerOverList(append: (batch: Batch) => Promise<unknown> = async () => {}) {
  const batches: Batch[] = [];
  const errors: unknown[] = [];
  let nowMs = Date.UTC(2025, 9, 31, 13, 0, 30);
  const tracker = createTracker({
    clock: { nowMs: () => nowMs, after: () => () => {} },
    software: 'test 1.0.0',
    async append(batch, body) {
      expect(decodeBatch(body).seq).toBe(batch.seq);
      batches.push(batch);
      await append(batch);
    },
    onError: (error) => void errors.push(error),
  });
  return {
    ...tracker,
    batches,
    errors,
    advance: (ms: number) => {
      nowMs += ms;
    },
  };
}

describe('track', () => {
  it('gathers calls into one batch with one window per series', async () => {
    const { track, drain, batches } = trackerOverList();
    const results = [3, 1, 2].map((durationMs) => track(call({ durationMs })));
    results.push(
      track(call({ tool: 'other', success: false, errorMessage: 'broke' })),
      track(call({ server: 'second' })),
    );
    await drain();
    expect(batches).toHaveLength(1);
    const [batch] = batches;
    expect(batch!.servers.map(({ name }) => name)).toEqual(['s', 'second']);
    expect(batch!.windows.map(({ server, name, outcomes }) => [server, name, outcomes.slice(0, 2)])).toEqual([
      [0, 't', [3, 0]],
      [0, 'other', [0, 1]],
      [1, 't', [1, 0]],
    ]);
    expect(batch!.windows[0]!.digest).toMatchObject({ count: 3, min: 1, max: 3 });
    expect(batch!.windows[1]!.errors).toMatchObject([{ errorClass: 'tool_error', message: 'broke' }]);
    const settled = await Promise.all(results);
    expect(settled.every(({ stored }) => stored)).toBe(true);
    expect(settled.map(({ metricId }) => metricId)).toEqual(
      [0, 1, 2, 3, 4].map((index) => `${batch!.instance}-1-${index}`),
    );
  });

  it('sends a full batch at once and numbers batches without gaps', async () => {
    const { track, drain, batches } = trackerOverList();
    const results = Array.from({ length: 250 }, () => track(call()));
    expect(batches.map(({ seq }) => seq)).toEqual([1, 2]);
    await drain();
    expect(batches.map(({ windows }) => windows[0]!.digest.count)).toEqual([100, 100, 50]);
    expect(new Set((await Promise.all(results)).map(({ metricId }) => metricId)).size).toBe(250);
  });

  it('keeps the minutes of calls apart', async () => {
    const { track, drain, batches, advance } = trackerOverList();
    void track(call());
    advance(40_000);
    void track(call());
    await drain();
    expect(batches[0]!.windows.map(({ endMs }) => new Date(endMs).getUTCMinutes())).toEqual([0, 1]);
  });

  it('sends what came with resources apart from other servers', async () => {
    const { track, drain, batches } = trackerOverList();
    const resources = { cpuPercent: 10, memoryMb: 64, diskIoKb: 3 };
    void track(call({ server: 'a', resources }));
    void track(call({ server: 'b' }));
    void track(call({ server: 'b', resources }));
    await drain();
    expect(batches.map(({ servers, resources: samples }) => [servers.map(({ name }) => name), samples.length])).toEqual(
      [
        [['a'], 1],
        [['b'], 0],
        [['b'], 1],
      ],
    );
    expect(batches[0]!.resources[0]).toMatchObject({ cpuPercent: 10, memoryMb: 64, diskIoKb: 3 });
    expect(batches[0]!.resources[0]!.memoryPercent).toBeGreaterThan(0);
  });

  it('resolves with stored: false while the store takes nothing', async () => {
    const { track, drain, errors } = trackerOverList(async () => {
      throw new VitalsError('unavailable', 'The disk is full');
    });
    const result = track(call());
    await drain();
    expect(await result).toMatchObject({
      stored: false,
      reason: 'The disk is full',
      metricId: expect.stringMatching(/-1-0$/),
    });
    expect(errors).toHaveLength(1);
  });

  it('rejects when something is wrong that trying again will not mend', async () => {
    const { track, drain } = trackerOverList(async () => {
      throw new Error('a bug');
    });
    const result = track(call());
    const refused = expect(result).rejects.toThrow('a bug');
    await drain();
    await refused;
  });
});
