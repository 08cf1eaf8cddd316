/** kill -9 of the collector under load, again and again: nothing acknowledged is lost, nothing is counted twice. */
import { afterEach, beforeEach, expect, inject, it } from 'vitest';
import { encodedBatch, newInstance } from '../e2e/support/batches.ts';
import { type Collector, countCalls, startCollector, temporaryDataDir } from '../e2e/support/collector.ts';

let dataDir: string;
let remove: () => void;
beforeEach(() => {
  ({ dataDir, remove } = temporaryDataDir());
});
afterEach(() => remove());

const SENDERS = 8;
const SAMPLES = 10;
const KILLS = 5 * inject('thoroughness');
/** Acknowledgements that each round waits for before it kills. */
const BATCHES_PER_ROUND = 100;

it('counts every acknowledged batch exactly once', async () => {
  let collector: Collector = await startCollector(dataDir);
  const instances = Array.from({ length: SENDERS }, () => newInstance());
  const nextSeq = new Array<number>(SENDERS).fill(1);
  let acknowledged = 0;

  for (let round = 0; round < KILLS; round++) {
    const target = collector;
    let inRound = 0;
    let killed: Promise<void> | undefined;
    // Each sender goes on until its collector is gone; what was not acknowledged is the first it sends to the next one.
    await Promise.all(
      instances.map(async (instance, index) => {
        for (;;) {
          const body = encodedBatch({
            instance,
            seq: nextSeq[index]!,
            server: 'killed',
            tools: 5,
            samplesPerWindow: SAMPLES,
          });
          const answer = await target.post(body).catch(() => undefined);
          if (answer === undefined) return;
          expect(answer.status).toBe(200);
          nextSeq[index]! += 1;
          acknowledged += 1;
          inRound += 1;
          if (inRound === BATCHES_PER_ROUND) killed = target.kill();
        }
      }),
    );
    await killed;
    collector = await startCollector(dataDir);
    const counted = await countCalls(collector, 'killed');
    // A batch may have become durable without the acknowledgement reaching its sender: at most one a sender.
    expect(counted).toBeGreaterThanOrEqual(acknowledged * 5 * SAMPLES);
    expect(counted).toBeLessThanOrEqual((acknowledged + SENDERS) * 5 * SAMPLES);
  }
  for (const [index, instance] of instances.entries()) {
    const body = encodedBatch({
      instance,
      seq: nextSeq[index]!,
      server: 'killed',
      tools: 5,
      samplesPerWindow: SAMPLES,
    });
    expect((await collector.post(body)).status).toBe(200);
    acknowledged += 1;
  }
  expect(await countCalls(collector, 'killed')).toBe(acknowledged * 5 * SAMPLES);
  expect(await collector.stop()).toBe(0);
});
