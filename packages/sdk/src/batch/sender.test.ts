import { describe, expect, it } from 'vitest';
import { Diagnostics } from '../diagnostics.ts';
import { HandClock, settle } from '../testing/handClock.ts';
import { MemorySpool } from '../testing/testMonitor.ts';
import { MemoryTransport } from '../transport/memory.ts';
import { Sender } from './sender.ts';

const batch = (n: number, dropped = {}) => ({ body: Uint8Array.of(n), samples: 10, dropped });
const away = { status: 'retryable', reason: 'away' } as const;

function createSender() {
  const clock = new HandClock();
  const transport = new MemoryTransport();
  const spool = new MemorySpool();
  const stderr: string[] = [];
  const diagnostics = new Diagnostics((message) => void stderr.push(message));
  const sender = new Sender({ clock, transport, spool, diagnostics, maxQueuedBatches: 4, random: () => 0.5 });
  const sent = () => transport.sent.map(([n]) => n);
  return { clock, transport, spool, diagnostics, stderr, sender, sent };
}

describe('sending', () => {
  it('goes oldest first', async () => {
    const { sender, sent } = createSender();
    for (let n = 1; n <= 3; n += 1) sender.offer(batch(n));
    await settle();
    expect(sent()).toEqual([1, 2, 3]);
    expect(sender.queuedBytes).toBe(0);
  });

  it('leaves the collector alone for a while after a failure, then tries the same batch again', async () => {
    const { sender, sent, transport, clock, stderr } = createSender();
    transport.answer = away;
    sender.offer(batch(1));
    await settle();
    sender.offer(batch(2));
    await clock.advance(4_999);
    expect(sent()).toEqual([1]);
    transport.answer = { status: 'duplicate' };
    await clock.advance(1);
    expect(sent()).toEqual([1, 1, 2]);
    expect(stderr).toHaveLength(1);
  });

  it('waits as long as the collector asks', async () => {
    const { sender, sent, transport, clock } = createSender();
    transport.answer = { ...away, retryAfterMs: 60_000 };
    sender.offer(batch(1));
    await clock.advance(59_999);
    expect(sent()).toEqual([1]);
    await clock.advance(1);
    expect(sent()).toEqual([1, 1]);
  });

  it('drops and counts what the collector refuses, and goes on', async () => {
    const { sender, transport, diagnostics, stderr } = createSender();
    transport.answer = { status: 'failure', reason: 'status 400' };
    sender.offer(batch(1, { queue_full: 7 }));
    sender.offer(batch(2));
    await settle();
    expect(sender.queuedBatches).toBe(0);
    expect(diagnostics.counters.dropped).toEqual({ rejected: 20 });
    expect(diagnostics.takeUnreported()).toEqual({ rejected: 20, queue_full: 7 });
    expect(stderr).toHaveLength(1);
  });
});

describe('a collector that is away', () => {
  it('fills memory, then the spool, and both arrive when it is back, each batch once', async () => {
    const { sender, sent, transport, clock, spool } = createSender();
    transport.answer = away;
    for (let n = 1; n <= 11; n += 1) sender.offer(batch(n));
    await settle();
    expect(sender.queuedBatches).toBeLessThanOrEqual(4);
    expect(spool.files.length).toBeGreaterThan(0);
    transport.sent.length = 0;
    transport.answer = { status: 'success' };
    await clock.advance(10_000);
    expect([...sent()].sort((a, b) => a! - b!)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
    expect(spool.files).toEqual([]);
  });

  it('makes the oldest be dropped and counted when the spool is full too', async () => {
    const { sender, transport, spool, diagnostics } = createSender();
    transport.answer = away;
    spool.isFull = true;
    for (let n = 1; n <= 11; n += 1) sender.offer(batch(n, n === 1 ? { rejected: 5 } : {}));
    const lost = 11 - sender.queuedBatches;
    expect(diagnostics.counters.dropped).toEqual({ queue_full: lost * 10 });
    expect(diagnostics.takeUnreported()).toEqual({ queue_full: lost * 10, rejected: 5 });
  });

  it('gets the spool back when it goes away in the middle of it', async () => {
    const { sender, transport, spool } = createSender();
    spool.files = [[Uint8Array.of(1), Uint8Array.of(2)]];
    transport.answer = away;
    await sender.flush();
    expect(spool.files).toHaveLength(1);
  });
});
