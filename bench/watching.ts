/** How long does adaptive detection take for a minute of 10,000 tools, from the store to saved incidents, and how much memory? */
import { Digest } from '@mcp-vitals/sketch';
import { createWatching } from '../packages/collector/src/detect/adaptive/watching.ts';
import type { StoredRollup } from '../packages/collector/src/store/store.ts';
import { openFilledStore } from '../packages/collector/src/testing/filledStore.ts';
import { type BenchResult, runWhenMain } from './result.ts';
import { median } from './support/median.ts';

const SERVERS = 50;
const TOOLS = 200;
const CALLS = 10;
/** Until every watch has a level, and looks for incidents. */
const WARM_UP_MINUTES = 90;
const MEASURED_MINUTES = 15;
const MAX_SECONDS = 5;
const MINUTE_MS = 60_000;
const START_MS = Date.UTC(2026, 0, 6, 8);

/** A few minutes to choose from: making 100 times a million durations is not what is measured. */
function minutesOfTools(): StoredRollup[][] {
  let seed = 1;
  const random = () => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
    return seed / 2 ** 32;
  };
  return Array.from({ length: 8 }, () =>
    Array.from({ length: SERVERS * TOOLS }, (_, i): StoredRollup => {
      const durations = Float64Array.from({ length: CALLS }, () => 100 * Math.exp(random() + random() - 1)).sort();
      return {
        startMs: 0,
        series: { server: `server-${i % SERVERS}`, kind: 'tool', name: `tool-${Math.floor(i / SERVERS)}` },
        scope: 'series',
        outcomes: [CALLS, 0, 0, 0, 0, 0, 0],
        sumMs: durations.reduce((sum, duration) => sum + duration, 0),
        minMs: durations[0]!,
        maxMs: durations.at(-1)!,
        digest: Digest.ofSorted(durations).toBytes(),
      };
    }),
  );
}

export async function run(): Promise<BenchResult> {
  const filled = await openFilledStore(START_MS + 15_000);
  const choices = minutesOfTools();
  const watching = createWatching(filled);
  const heapBefore = heapMb();
  const seconds: number[] = [];
  for (let minute = 0; minute < WARM_UP_MINUTES + MEASURED_MINUTES; minute += 1) {
    const startMs = START_MS + minute * MINUTE_MS;
    const rows = choices[minute % choices.length]!.map((row) => ({ ...row, startMs }));
    await filled.store.importRollups('minute', rows);
    filled.clock.advance(MINUTE_MS);
    const before = performance.now();
    await watching.run();
    seconds.push((performance.now() - before) / 1000);
  }
  const memoryMb = heapMb() - heapBefore;
  await filled.close();
  const measured = seconds.slice(WARM_UP_MINUTES);
  const typical = median(measured);
  const worst = Math.max(...measured);
  return {
    name: 'watching',
    question: `How long does adaptive detection take for a minute of ${SERVERS * TOOLS} tools with ${CALLS} calls each?`,
    rows: [
      {
        tools: SERVERS * TOOLS,
        'median s': Number(typical.toFixed(2)),
        'worst s': Number(worst.toFixed(2)),
        'µs per tool': Math.round((1e6 * typical) / (SERVERS * TOOLS)),
        'memory MB': Math.round(memoryMb),
        'KB per tool': Number(((1024 * memoryMb) / (SERVERS * TOOLS)).toFixed(1)),
      },
    ],
    targets: [{ target: `under ${MAX_SECONDS} s`, value: `${worst.toFixed(2)} s at worst`, met: worst < MAX_SECONDS }],
    notes: [
      'From reading the minute in SQLite to the saved states: a sixtieth of them is written in each minute. In between, ingest has its turn.',
    ],
  };
}

function heapMb(): number {
  globalThis.gc?.();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return (heapUsed + arrayBuffers) / 2 ** 20;
}

await runWhenMain(import.meta.url, run);
