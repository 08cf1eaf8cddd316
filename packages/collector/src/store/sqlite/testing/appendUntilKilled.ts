/**
 * A process for the test that kills it: appends batches of one call each, numbered from the second argument on, and prints
 * each number once it is acknowledged. Time passes quickly, so that minutes are written and hours merged meanwhile.
 */

import { incomingBatch, ManualClock, testConfig } from '../../storeFixtures.ts';
import { openSqliteStore } from '../sqliteStore.ts';

const [dataDir = '', firstSeq = '1', timeMs = '0'] = process.argv.slice(2);
const clock = new ManualClock(Number(timeMs));
const store = await openSqliteStore({ dataDir, config: testConfig(dataDir), clock, ballastBytes: 0 });

for (let seq = Number(firstSeq); ; seq += 3) {
  const sent = [seq, seq + 1, seq + 2];
  process.stdout.write(`sent ${seq + 2}\n`);
  await Promise.all(
    sent.map((number) => {
      const windows = [{ endMs: clock.timeMs + 1, durationsMs: [number] }];
      return store.append(incomingBatch({ seq: number, receivedAtMs: clock.timeMs, windows }));
    }),
  );
  process.stdout.write(`acknowledged ${sent.join(' ')} at ${clock.timeMs}\n`);
  clock.timeMs += 7_000;
  if (seq % 2 === 0) await store.closeMinutes(clock.timeMs);
  if (seq % 50 === 0) await store.rollUp(clock.timeMs);
}
