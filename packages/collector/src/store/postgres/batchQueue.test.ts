import { expect, it } from 'vitest';
import type { AppendResult, IncomingBatch } from '../store.ts';
import { incomingBatch } from '../storeFixtures.ts';
import { BatchQueue } from './batchQueue.ts';

const batch = (seq: number, instance = 'a') => incomingBatch({ seq, instance, receivedAtMs: 0 });

/** A commit that ends when the test says so. */
function gate() {
  const groups: { size: number; end(error?: Error): void }[] = [];
  const commit = (batches: readonly IncomingBatch[]): Promise<AppendResult[]> =>
    new Promise((resolve, reject) => {
      const results = batches.map((): AppendResult => 'stored');
      groups.push({ size: batches.length, end: (error) => (error ? reject(error) : resolve(results)) });
    });
  return { groups, commit };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

it('writes what comes together together, and prepares one group while another is written', async () => {
  const { groups, commit } = gate();
  const queue = new BatchQueue({ commit, maxBytes: 1e6, writers: 2 });
  const first = [queue.append(batch(1)), queue.append(batch(2))];
  await turn();
  const second = [queue.append(batch(3))];
  await turn();
  const third = [queue.append(batch(4)), queue.append(batch(5)), queue.append(batch(6))];
  await turn();
  expect(groups.map(({ size }) => size)).toEqual([2, 1]);
  groups[0]!.end();
  expect(await Promise.all(first)).toEqual(['stored', 'stored']);
  await turn();
  expect(groups.map(({ size }) => size)).toEqual([2, 1, 3]);
  groups[1]!.end();
  groups[2]!.end();
  await Promise.all([...second, ...third]);
  expect([queue.size, queue.bytes]).toEqual([0, 0]);
});

it('takes a repeat of what is on its way for one, and lets it be sent again when that failed', async () => {
  const { groups, commit } = gate();
  const queue = new BatchQueue({ commit, maxBytes: 1e6, writers: 2 });
  const both = Promise.allSettled([queue.append(batch(1)), queue.append(batch(1))]);
  await turn();
  groups[0]!.end(new Error('away'));
  expect((await both).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  const again = queue.append(batch(1));
  await turn();
  groups[1]!.end();
  expect(await again).toBe('stored');
});

it('holds no more than it may, and says when to come again', async () => {
  const { groups, commit } = gate();
  const bytes = batch(1).body.length;
  const queue = new BatchQueue({ commit, maxBytes: 2 * bytes, writers: 2 });
  const kept = [queue.append(batch(1)), queue.append(batch(2))];
  await expect(queue.append(batch(3))).rejects.toMatchObject({ code: 'unavailable', retryAfterMs: 2_000 });
  await turn();
  groups[0]!.end();
  await Promise.all(kept);
  const next = queue.append(batch(3));
  await turn();
  groups[1]!.end();
  expect(await next).toBe('stored');
});

it('ends when what it has is written, and takes nothing more', async () => {
  const { groups, commit } = gate();
  const queue = new BatchQueue({ commit, maxBytes: 1e6, writers: 2 });
  const last = queue.append(batch(1));
  let isClosed = false;
  const closing = queue.close().then(() => {
    isClosed = true;
  });
  await expect(queue.append(batch(2))).rejects.toMatchObject({ code: 'unavailable' });
  await turn();
  expect(isClosed).toBe(false);
  groups[0]!.end();
  expect(await last).toBe('stored');
  await closing;
});
