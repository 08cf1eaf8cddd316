import { expect, it } from 'vitest';
import type { CallControl, ToolCaller } from '../toolBackend.ts';
import { TaskRuns } from './taskRuns.ts';

const CALLER: ToolCaller = { client: 'one', scope: 'read' };
const DONE = { content: [] };

function newRuns() {
  const clock = { timeMs: 0, nowMs: () => clock.timeMs };
  return { clock, runs: new TaskRuns(clock) };
}

it('keeps a result for ten minutes after it was due, and one that still runs for as long as it does', async () => {
  const { clock, runs } = newRuns();
  let finish = () => {};
  const done = runs.start(CALLER, 1_000, async () => DONE);
  const late = runs.start(CALLER, 1_000, () => new Promise((resolve) => (finish = () => resolve(DONE))));
  await done.result;
  clock.timeMs = 601_000;
  expect(runs.get(done.taskId, CALLER).status).toBe('completed');
  clock.timeMs = 601_001;
  expect(() => runs.get(done.taskId, CALLER)).toThrow('no such task');
  expect(runs.get(late.taskId, CALLER).status).toBe('working');
  finish();
  await late.result;
  expect(() => runs.get(late.taskId, CALLER)).toThrow('no such task');
});

it('is nobody else’s, tells how far it is, and ends when it is cancelled', async () => {
  const { runs } = newRuns();
  let control: CallControl = {};
  const run = runs.start(CALLER, 1_000, (given) => {
    control = given;
    return new Promise(() => {});
  });
  control.onProgress!({ progress: 3.2, total: 60, message: 'cpuPercent 1' });
  expect(runs.get(run.taskId, CALLER).message).toBe('3 of 60 s: cpuPercent 1');
  expect(() => runs.cancel(run.taskId, { ...CALLER, client: 'other' })).toThrow('no such task');
  expect(control.signal!.aborted).toBe(false);
  expect(runs.cancel(run.taskId, CALLER)).toMatchObject({ status: 'cancelled', message: undefined });
  expect(control.signal!.aborted).toBe(true);
});

it('refuses more than a hundred', () => {
  const { runs } = newRuns();
  const start = () => runs.start(CALLER, 1_000, () => new Promise(() => {}));
  for (let i = 0; i < 100; i += 1) start();
  expect(start).toThrow('too many tasks');
});
