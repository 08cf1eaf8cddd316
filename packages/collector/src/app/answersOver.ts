/** figures -> reports, views, analyses, monitors. */
import { createBottlenecks } from '../analysis/bottlenecks/service.ts';
import { createDecisions } from '../analysis/decisions.ts';
import { createTrends } from '../analysis/trends/service.ts';
import type { AnalysisThread } from '../analysis/workerThread.ts';
import type { Clock } from '../clock.ts';
import type { Config } from '../config/schema.ts';
import { createMonitors } from '../live/monitors.ts';
import { createViews } from '../query/service.ts';
import { createReports } from '../report/service.ts';
import type { Sources } from '../workspace/servicesWithin.ts';

/** What is asked of the figures: of all of them, or of those of a workspace, by what it is given. */
export function answersOver(sources: Sources, { config, clock, thread, running }: AnsweringWith) {
  const { store, alerts, recent, audit } = sources;
  const reports = createReports({ store, audit, clock, config });
  const views = createViews({ store, clock, config, reports });
  const trends = createTrends({ store, clock, config, alerts, thread });
  const bottlenecks = createBottlenecks({ store, recent, clock, config, thread });
  const monitors = createMonitors({ store, recent, audit, clock, config, running });
  const decisions = createDecisions({ ...sources, clock, config, views, reports, trends, bottlenecks });
  return { reports, views, trends, bottlenecks, monitors, ...decisions };
}

export interface AnsweringWith {
  config: Config;
  clock: Clock;
  thread: AnalysisThread;
  /** Monitors under way, whoever runs them. */
  running: { count: number };
}
