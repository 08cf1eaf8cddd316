/**
 * Work that repeats in the background. A job never overlaps itself; one that fails says so once and goes on, and says
 * so again when it fails for another reason or after it had recovered. The clock of the process drives all of them;
 * croner is only the calendar.
 */
import { Cron } from 'croner';
import type { Clock } from '../clock.ts';
import type { Logger } from '../logger.ts';

/** When a job runs next after `nowMs`, in epoch milliseconds. */
export type Schedule = (nowMs: number) => number;

export interface Job {
  name: string;
  schedule: Schedule;
  /** Also once when the jobs start: work that may have been missed while nobody ran. */
  atStart?: boolean;
  run(nowMs: number): Promise<unknown>;
}

/** Every `intervalMs` after the last time. */
export const every =
  (intervalMs: number): Schedule =>
  (nowMs) =>
    nowMs + intervalMs;

/** At the times of a cron pattern, in UTC. */
export function calendar(pattern: string): Schedule {
  const cron = new Cron(pattern, { timezone: 'UTC', paused: true });
  return (nowMs) => cron.nextRun(new Date(nowMs))?.getTime() ?? Number.POSITIVE_INFINITY;
}

/** How often due jobs are looked for. A machine that slept finds what it missed at the first look. */
const TICK_MS = 1_000;

interface Entry {
  job: Job;
  dueMs: number;
  running: Promise<void> | undefined;
  lastFailure: string | undefined;
}

/** Starts the jobs; returns what stops them and waits for those that run. */
export function startJobs(jobs: readonly Job[], clock: Clock, logger: Pick<Logger, 'error'>): () => Promise<void> {
  const startedMs = clock.nowMs();
  const entries: Entry[] = jobs.map((job) => ({
    job,
    dueMs: job.atStart ? startedMs : job.schedule(startedMs),
    running: undefined,
    lastFailure: undefined,
  }));

  async function run(entry: Entry, nowMs: number): Promise<void> {
    try {
      await entry.job.run(nowMs);
      entry.lastFailure = undefined;
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      if (message !== entry.lastFailure) logger.error({ err: error, job: entry.job.name }, 'A background job failed');
      entry.lastFailure = message;
    }
    entry.running = undefined;
  }

  let lastMs = startedMs;

  function tick(): void {
    const nowMs = clock.nowMs();
    // A clock that was set back must not put the next run off by as much.
    if (nowMs < lastMs) for (const entry of entries) entry.dueMs = entry.job.schedule(nowMs);
    lastMs = nowMs;
    for (const entry of entries) {
      if (entry.running || entry.dueMs > nowMs) continue;
      entry.dueMs = entry.job.schedule(nowMs);
      entry.running = run(entry, nowMs);
    }
  }

  tick();
  const stopTicking = clock.every(TICK_MS, tick);
  return async () => {
    stopTicking();
    await Promise.all(entries.map((entry) => entry.running));
  };
}
