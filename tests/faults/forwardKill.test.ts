/** kill -9 of a collector that forwards, before and between requests: what arrives is right at every moment. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type Receiver, startReceiver, writeRequestOf } from '../../packages/collector/src/forward/forwardFixtures.ts';
import { encodedBatch, newInstance } from '../e2e/support/batches.ts';
import { type Collector, startCollector, temporaryDataDir } from '../e2e/support/collector.ts';

const MINUTE_MS = 60_000;
const MINUTES = 6;
const CALLS = 10;

let receiver: Receiver;
let dataDir: string;
let remove: () => void;
beforeEach(async () => {
  receiver = await startReceiver();
  ({ dataDir, remove } = temporaryDataDir());
});
afterEach(async () => {
  await receiver.stop();
  remove();
});

/** Resolves when a request comes for which `isLast` is true; until then and after it all are answered alike. */
function untilAsked(status: number, isLast: () => boolean): Promise<void> {
  return new Promise((resolve) => {
    receiver.reply = () => {
      if (isLast()) resolve();
      return { status };
    };
  });
}

function counts(): Map<number, Set<number>> {
  const byTime = new Map<number, Set<number>>();
  for (const { labels, samples } of receiver.taken.flatMap((each) => writeRequestOf(each).timeseries)) {
    if (!labels.some(({ value }) => value === 'mcp_tool_request_duration_seconds_count')) continue;
    if (!labels.some(({ value }) => value === 'tool_0')) continue;
    for (const { timestamp, value } of samples) {
      if (Number.isNaN(value)) continue;
      byTime.set(timestamp, (byTime.get(timestamp) ?? new Set()).add(value));
    }
  }
  return byTime;
}

/** Three starts, and the job that forwards looks every five seconds. */
const TIMEOUT_MS = 120_000;

it('sends the same totals for the same minutes, however often it is killed', { timeout: TIMEOUT_MS }, async () => {
  const flags = ['forward.remoteWrite.from=oldest', `forward.remoteWrite.url=${receiver.url}`].flatMap((setting) => [
    '--set',
    setting,
  ]);
  const firstMs = (Math.floor(Date.now() / MINUTE_MS) - MINUTES - 2) * MINUTE_MS;
  const instance = newInstance();

  const refused = untilAsked(503, () => true);
  let collector: Collector = await startCollector(dataDir, flags);
  for (let minute = 0; minute < MINUTES; minute++) {
    const endMs = firstMs + minute * MINUTE_MS + 1_000;
    const body = encodedBatch({ instance, seq: minute + 1, server: 'killed', samplesPerWindow: CALLS, endMs });
    expect((await collector.post(body)).status).toBe(200);
  }
  await refused;
  await collector.kill();

  const second = untilAsked(200, () => receiver.taken.length >= 2);
  collector = await startCollector(dataDir, flags);
  await second;
  await collector.kill();

  const everything = untilAsked(
    200,
    () => Math.max(...[...counts().values()].flatMap((each) => [...each])) === MINUTES * CALLS,
  );
  collector = await startCollector(dataDir, flags);
  await everything;
  expect(await collector.stop()).toBe(0);

  const byTime = [...counts()].sort(([a], [b]) => a - b).map(([timestamp, values]) => [timestamp, ...values]);
  const expected = Array.from({ length: MINUTES }, (_, i) => [firstMs + (i + 1) * MINUTE_MS, (i + 1) * CALLS]);
  expect(byTime.slice(0, MINUTES)).toEqual(expected);
});
