import { Digest } from '@mcp-vitals/sketch';
import type { Batch } from '@mcp-vitals/wire/decode';
import { encodeBatch } from '@mcp-vitals/wire/encode';
import { describe, expect, it } from 'vitest';
import { VitalsError } from '../errors.ts';
import type { IncomingBatch } from '../store/store.ts';
import { createIngest, measureSkewMs } from './ingest.ts';

const NOW_MS = Date.UTC(2025, 9, 31, 13, 0, 0);
const HOUR_MS = 3_600_000;

function batchEndingAt(endMs: number, resourceAtMs?: number): Batch {
  const resources = { cpuPercent: 1, memoryMb: 1, memoryPercent: 1, diskIoKb: 0, eventLoopDelayMs: 0 };
  return {
    v: 1,
    instance: 'abc',
    seq: 1,
    process: { host: 'h', pid: 1, runtime: 'node', sdk: 'test' },
    servers: [{ name: 's', version: '1' }],
    windows: [
      {
        server: 0,
        kind: 'tool',
        name: 't',
        startMs: endMs - 1000,
        endMs,
        outcomes: [1, 0, 0, 0, 0, 0, 0],
        digest: Digest.ofSorted(Float64Array.of(5)),
      },
    ],
    resources: resourceAtMs === undefined ? [] : [{ atMs: resourceAtMs, ...resources }],
    inFlight: [],
    dropped: {},
  };
}

/** An ingest over a list; what was appended and observed can be read. */
function ingestOverList(append?: () => Promise<'stored' | 'duplicate'>) {
  const appended: IncomingBatch[] = [];
  const observed: number[] = [];
  const ingest = createIngest({
    store: {
      async append(incoming) {
        const result = append ? await append() : 'stored';
        appended.push(incoming);
        return result;
      },
    },
    clock: { nowMs: () => NOW_MS },
    config: { ingest: { maxClockSkewHours: 24 } } as Parameters<typeof createIngest>[0]['config'],
    observe: (_batch, skewMs) => void observed.push(skewMs),
  });
  return { ingest, appended, observed };
}

describe('measureSkewMs', () => {
  const measure = (sentAt: string | undefined) => measureSkewMs(sentAt, NOW_MS, 24 * HOUR_MS);

  it('takes small differences for travel time and larger ones for what they are', () => {
    expect(measure(undefined)).toBe(0);
    expect(measure(String(NOW_MS - 1_999))).toBe(0);
    expect(measure(String(NOW_MS - 2_000))).toBe(-2_000);
    expect(measure(String(NOW_MS + 24 * HOUR_MS))).toBe(24 * HOUR_MS);
  });

  it.each([
    [String(NOW_MS + 24 * HOUR_MS + 1), 'clock_skew', /24\.0 h ahead/],
    [String(NOW_MS - 48 * HOUR_MS), 'clock_skew', /48\.0 h behind/],
    ['', 'wrong_sent_at', /epoch milliseconds/],
    ['noon', 'wrong_sent_at', /epoch milliseconds/],
    ['Infinity', 'wrong_sent_at', /epoch milliseconds/],
  ])('refuses %s', (sentAt, reason, message) => {
    expect(() => measure(sentAt)).toThrow(expect.objectContaining({ reason, message: expect.stringMatching(message) }));
  });
});

describe('receive', () => {
  it('appends the bytes as they came and tells the alerts, with the skew', async () => {
    const { ingest, appended, observed } = ingestOverList();
    const body = encodeBatch(batchEndingAt(NOW_MS + HOUR_MS));
    expect(await ingest.receive(body, String(NOW_MS + HOUR_MS))).toMatchObject({ result: 'stored' });
    expect(appended[0]).toMatchObject({
      body,
      receivedAtMs: NOW_MS,
      skewMs: HOUR_MS,
      batch: { instance: 'abc', seq: 1 },
    });
    expect(observed).toEqual([HOUR_MS]);
  });

  it('tells the alerts nothing of a batch that was there before', async () => {
    const { ingest, observed } = ingestOverList(async () => 'duplicate');
    expect(await ingest.receive(encodeBatch(batchEndingAt(NOW_MS)), undefined)).toMatchObject({ result: 'duplicate' });
    expect(observed).toEqual([]);
  });

  it('tells the alerts nothing of a batch that could not be stored', async () => {
    const { ingest, observed } = ingestOverList(async () => {
      throw new VitalsError('unavailable', 'The disk is full');
    });
    await expect(ingest.receive(encodeBatch(batchEndingAt(NOW_MS)), undefined)).rejects.toThrow('The disk is full');
    expect(observed).toEqual([]);
  });

  it('allows for a minute of the future after correction and no more', async () => {
    const { ingest, appended } = ingestOverList();
    await ingest.receive(encodeBatch(batchEndingAt(NOW_MS + 60_000)), undefined);
    await expect(ingest.receive(encodeBatch(batchEndingAt(NOW_MS + 60_001)), undefined)).rejects.toMatchObject({
      code: 'invalid',
      reason: 'from_the_future',
      message: 'windows[0].endMs lies in the future',
    });
    await expect(ingest.receive(encodeBatch(batchEndingAt(NOW_MS, NOW_MS + 60_001)), undefined)).rejects.toMatchObject({
      reason: 'from_the_future',
    });
    expect(appended).toHaveLength(1);
  });

  it('refuses what is no batch with the reason of the decoder', async () => {
    const { ingest, appended } = ingestOverList();
    const later = encodeBatch({ ...batchEndingAt(NOW_MS), v: 2 as 1 });
    await expect(ingest.receive(later, undefined)).rejects.toMatchObject({
      code: 'invalid',
      reason: 'unsupported_version',
    });
    expect(appended).toEqual([]);
  });
});
