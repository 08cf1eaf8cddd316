import { expect, it } from 'vitest';
import { MINUTE_MS } from '../../model/rollup.ts';
import { simulateCalls } from './simulatedCalls.ts';
import { restore, snapshotOf } from './snapshot.ts';
import { ToolWatch } from './toolWatch.ts';
import { ServerMemory } from './watchedServer.ts';
import { WatchedTool } from './watchedTool.ts';

const START = 2 * 1_440 + 600;
const minutes = [
  ...simulateCalls({
    days: 3,
    callsPerMinute: 15,
    factor: (i) => (i >= START && i < START + 40 ? 3 : 1),
    errorRate: (i) => (i >= START + 200 && i < START + 220 ? 0.5 : 0.01),
  }),
];

function stateAfter(watch: ToolWatch): unknown[] {
  const { latency, errors, silence } = watch;
  return [latency, errors, silence].map(({ isOpen, reading }) => [isOpen, reading]);
}

it.each([1, 500, START - 1, START + 5, START + 20, START + 205, START + 215])(
  'goes on after %i minutes as if it had never been written down',
  (cut) => {
    const whole = new ToolWatch();
    let watch = new ToolWatch();
    for (const [i, minute] of minutes.entries()) {
      if (i === cut) {
        const revived = new ToolWatch();
        expect(restore(revived, snapshotOf(watch))).toBe(true);
        watch = revived;
      }
      whole.observe(minute);
      watch.observe(minute);
      if (i >= cut) expect(stateAfter(watch)).toEqual(stateAfter(whole));
    }
  },
);

it('keeps what is known of a server, its versions too', () => {
  const memory = new ServerMemory();
  memory.versions.observe('1.0.0', 0);
  memory.versions.observe('2.0.0', MINUTE_MS);
  memory.untilMs = 5;
  const revived = new ServerMemory();
  expect(restore(revived, snapshotOf(memory))).toBe(true);
  expect(revived.untilMs).toBe(5);
  expect(revived.versions.deploy).toEqual({ atMs: MINUTE_MS, fromVersion: '1.0.0', toVersion: '2.0.0' });
  revived.versions.observe('3.0.0', 2 * MINUTE_MS);
  expect(revived.versions.deploy?.toVersion).toBe('3.0.0');
});

it('takes little room', () => {
  const tool = new WatchedTool('medium');
  for (const minute of minutes) tool.observe(minute, false);
  expect(snapshotOf(tool).byteLength).toBeLessThan(12_000);
});

it.each([Uint8Array.of(), Uint8Array.of(1, 2, 3), new Uint8Array(1_000)])(
  'refuses what is no snapshot (%#)',
  (bytes) => {
    const watch = new ToolWatch();
    expect(restore(watch, bytes)).toBe(false);
    expect(stateAfter(watch)).toEqual(stateAfter(new ToolWatch()));
  },
);
