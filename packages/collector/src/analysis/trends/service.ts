/** Trends, as tools and pages ask for them: evidence from the store, what it means from the analysis thread. */
import type { Clock } from '../../clock.ts';
import type { Config } from '../../config/schema.ts';
import { VitalsError } from '../../errors.ts';
import { knownServers, knownTools } from '../../knownSubject.ts';
import { DAY_MS, HOUR_MS } from '../../model/rollup.ts';
import type { SeriesTrend, TrendAnalysis, TrendMetric, TrendPeriod, TrendsInput } from '../../model/trends.ts';
import type { Alerts } from '../../serve/ports/alerts.ts';
import type { ForecastRequest, Trends, TrendsRequest } from '../../serve/ports/analyses.ts';
import type { Store } from '../../store/store.ts';
import type { AnalysisThread } from '../workerThread.ts';
import { readColumns } from './evidence.ts';
import { limitOf } from './limits.ts';

export interface TrendsDeps {
  store: Store;
  clock: Pick<Clock, 'nowMs'>;
  config: Pick<Config, 'retention'>;
  alerts: Pick<Alerts, 'thresholds'>;
  thread: AnalysisThread;
}

const DAYS_OF_PERIOD: Readonly<Record<TrendPeriod, number>> = { week: 7, month: 30, quarter: 91, year: 365 };
/** Beyond a month single hours tell nothing more. */
const MAX_DAYS_OF_HOURS = 30;

export function createTrends(deps: TrendsDeps): Trends {
  const { store, thread } = deps;

  async function analyse(request: TrendsRequest): Promise<TrendAnalysis> {
    await requireSubject(store, request);
    const { period, metrics, server, tool, horizonDays, limit, anomalies, correlations } = request;
    const atMs = deps.clock.nowMs();
    const span = spanOf(period, atMs, deps.config.retention.hourDays);
    const read = await readColumns(store, { ...span, server, tool, metrics });
    const thresholds = deps.alerts.thresholds();
    const columns = read.map((column) => {
      const asked = limit !== undefined && column.metric === metrics[0] ? limit : undefined;
      const own = asked ?? limitOf(column, thresholds);
      return own === undefined ? column : { ...column, limit: own };
    });
    if (columns.every(({ values }) => values.every((value) => Number.isNaN(value)))) throw noData(period);
    const input: TrendsInput = {
      startMs: span.fromMs,
      stepMs: span.stepMs,
      columns,
      horizonDays,
      anomalies,
      correlations,
    };
    const output = await thread.run('trends', input);
    return { ...output, columns, period, atMs, ...span, horizonDays };
  }

  return {
    analyse,
    async forecast({ server, tool, metric, horizonDays, period = 'month', limit }: ForecastRequest) {
      const metrics: TrendMetric[] = [metric];
      const asked = { period, metrics, server, tool, horizonDays, limit, anomalies: false, correlations: false };
      const { series } = await analyse(asked);
      return series.find((each): each is SeriesTrend => each.server === server && each.tool === (tool ?? ''));
    },
  };
}

/** Whole steps that have ended: hours while they are kept and a month can show them, else days. */
function spanOf(period: TrendPeriod, nowMs: number, hourDays: number) {
  const days = DAYS_OF_PERIOD[period];
  const stepMs = days <= Math.min(MAX_DAYS_OF_HOURS, hourDays) ? HOUR_MS : DAY_MS;
  const toMs = Math.floor(nowMs / stepMs) * stepMs;
  return { fromMs: toMs - days * DAY_MS, toMs, stepMs };
}

/** @throws VitalsError `invalid`, `not_found` */
async function requireSubject(store: Store, { server, tool }: TrendsRequest): Promise<void> {
  if (server === undefined) {
    if (tool === undefined) return;
    throw new VitalsError('invalid', 'A tool is one of a server', { hint: 'Give the server as well.' });
  }
  await knownServers(store, server);
  if (tool !== undefined) await knownTools(store, tool, server);
}

function noData(period: TrendPeriod): VitalsError {
  return new VitalsError('not_found', `There is nothing to analyse in the last ${period}`, {
    hint: 'Hours count once they have ended. Ask for a longer period, or wait for calls.',
  });
}
