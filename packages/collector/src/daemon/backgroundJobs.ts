/** What the collector does by itself, and when; times of day are UTC. */
import type { Config } from '../config/schema.ts';
import type { Anomaly } from '../model/anomaly.ts';
import { HOUR_MS, MINUTE_MS } from '../model/rollup.ts';
import type { Store } from '../store/store.ts';
import { calendar, every, type Job } from './jobs.ts';

export interface BackgroundDeps {
  config: Pick<Config, 'detection'>;
  store: Pick<Store, 'closeMinutes' | 'rollUp' | 'applyRetention'>;
  detection: { runInBackground(): Promise<Anomaly[]> };
  alerts: { raiseFromAnomalies(anomalies: readonly Anomaly[]): Promise<void>; tick(nowMs: number): Promise<void> };
  notifier: { tick(): Promise<void> };
  otlp: { forgetOld(): Promise<void> };
  forwarding: { tick(nowMs: number): Promise<void> };
  optimizations: { tick(nowMs: number): Promise<void> };
  /** Sends the reports that are due to where the settings say. */
  sendDueReports(): Promise<void>;
  /** Takes in what SDKs left in the spool. */
  collectSpool(): Promise<void>;
}

/** How often the detector speaks: what it no longer says has ended. */
export function detectionIntervalMs({ detection }: Pick<Config, 'detection'>): number {
  return detection.method === 'adaptive' ? MINUTE_MS : detection.intervalMinutes * MINUTE_MS;
}

export function backgroundJobs(deps: BackgroundDeps): Job[] {
  const { config, store, detection, alerts, notifier, otlp, forwarding, optimizations, sendDueReports, collectSpool } =
    deps;
  return [
    { name: 'close minutes', schedule: every(5_000), run: (nowMs) => store.closeMinutes(nowMs) },
    { name: 'alerts', schedule: every(10_000), run: (nowMs) => alerts.tick(nowMs) },
    { name: 'notifications', schedule: every(5_000), run: () => notifier.tick() },
    {
      name: 'forwarding',
      schedule: every(5_000),
      run: async (nowMs) => {
        // What has just passed its grace is to be sent now.
        await store.closeMinutes(nowMs);
        await forwarding.tick(nowMs);
      },
    },
    { name: 'policies', schedule: every(2_000), run: (nowMs) => optimizations.tick(nowMs) },
    { name: 'reports', schedule: every(10_000), run: sendDueReports },
    { name: 'spool', schedule: every(MINUTE_MS), atStart: true, run: collectSpool },
    {
      name: 'detection',
      schedule: every(detectionIntervalMs(config)),
      run: async (nowMs) => {
        // What has just passed its grace is to be judged now.
        await store.closeMinutes(nowMs);
        await alerts.raiseFromAnomalies(await detection.runInBackground());
      },
    },
    // Most times there is nothing to merge; what has become mergeable, or this collector's to merge, waits no longer.
    { name: 'roll-up', schedule: every(MINUTE_MS), atStart: true, run: (nowMs) => store.rollUp(nowMs) },
    { name: 'otlp', schedule: every(HOUR_MS), run: () => otlp.forgetOld() },
    {
      name: 'retention',
      schedule: calendar('0 0 * * *'),
      atStart: true,
      // Rows are merged upwards before they are deleted, also after a night that nobody ran.
      run: async (nowMs) => {
        await store.rollUp(nowMs);
        await store.applyRetention(nowMs);
      },
    },
  ];
}
