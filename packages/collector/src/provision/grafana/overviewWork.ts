/** Rows 3 to 5 of the specification's overview: Performance, Top Tools, Database & Cache. */
import { cacheHitRatio, increase, mean, quantile, rate, SERVER_FAMILIES } from '../expressions.ts';
import { OF_SERVERS, perServer } from './overviewHealth.ts';
import { type PanelSpec, RANGE, RATE_SPAN, type RowSpec, UNITS } from './panelSpec.ts';

const { toolDuration, toolRequests, databaseQueries, databaseDuration, cacheMisses } = SERVER_FAMILIES;

const perTool = { matchers: OF_SERVERS, span: RANGE, by: ['server', 'tool'] };

function responseTime(percentile: number): PanelSpec {
  return {
    kind: 'graph',
    title: `Response Time p${percentile}`,
    description: `${percentile} % of the tool calls take no longer; from buckets, so linear within one.`,
    unit: UNITS.seconds,
    width: 8,
    queries: [{ expr: quantile(percentile / 100, toolDuration, perServer), legend: '{{server}}' }],
    exemplars: true,
  };
}

export const performance: RowSpec = {
  title: 'Performance',
  panels: [
    responseTime(50),
    responseTime(95),
    responseTime(99),
    {
      kind: 'table',
      title: 'Slowest Tools',
      description: 'The ten tools with the longest p95 within the range shown; from buckets, so linear within one.',
      unit: UNITS.seconds,
      width: 24,
      // Not a number is no tool that was called.
      queries: [{ expr: `sort_desc(topk(10, ${quantile(0.95, toolDuration, perTool)} >= 0))` }],
      columns: { server: 'Server', tool: 'Tool' },
      value: 'p95',
    },
  ],
};

/** Tools of different servers may have one name: a bar has both. */
const NAME = 'name';
const SHOWN = 10;

function topBars(title: string, description: string, unit: string, expr: string): PanelSpec {
  const named = `label_join(${expr}, "${NAME}", " / ", "server", "tool")`;
  return {
    kind: 'bars',
    title,
    description,
    unit,
    width: 8,
    label: NAME,
    queries: [{ expr: `sort_desc(sum by (${NAME}) (${named}))` }],
  };
}

const top = (expr: string): string => `topk(${SHOWN}, ${expr})`;

export const topTools: RowSpec = {
  title: 'Top Tools',
  panels: [
    topBars(
      'Most Called Tools',
      'Calls within the range shown.',
      UNITS.count,
      top(`${increase(toolRequests, perTool)} > 0`),
    ),
    topBars(
      'Errors by Tool',
      'Failed calls within the range shown.',
      UNITS.count,
      top(`${increase(toolRequests, { ...perTool, matchers: [...OF_SERVERS, ['status', '=', 'error']] })} > 0`),
    ),
    topBars(
      'Average Response Time by Tool',
      'Mean over the range shown; a few very slow calls raise it, and a percentile says more.',
      UNITS.seconds,
      top(`${mean(toolDuration, perTool)} >= 0`),
    ),
  ],
};

const perQueryType = { matchers: OF_SERVERS, span: RATE_SPAN, by: ['server', 'query_type'] };
const perCache = { matchers: OF_SERVERS, span: RATE_SPAN, by: ['server', 'cache'] };

export const databaseAndCache: RowSpec = {
  title: 'Database & Cache',
  panels: [
    {
      kind: 'graph',
      title: 'Database Queries/sec',
      description: 'As servers measure them with the custom metric `database_query`.',
      unit: UNITS.perSecond,
      width: 6,
      queries: [{ expr: rate(databaseQueries, perQueryType), legend: '{{server}} {{query_type}}' }],
    },
    {
      kind: 'graph',
      title: 'DB Query Duration p95',
      description: '95 % of the queries take no longer.',
      unit: UNITS.seconds,
      width: 6,
      queries: [{ expr: quantile(0.95, databaseDuration, perQueryType), legend: '{{server}} {{query_type}}' }],
    },
    {
      kind: 'graph',
      title: 'Cache Hit Rate',
      description: 'Share of look-ups that hit, as servers count them with `cache_hits` and `cache_misses`.',
      unit: UNITS.share,
      width: 6,
      queries: [{ expr: cacheHitRatio(perCache), legend: '{{server}} {{cache}}' }],
      max: 1,
    },
    {
      kind: 'graph',
      title: 'Cache Misses/sec',
      description: 'Look-ups that had to be done without the cache.',
      unit: UNITS.perSecond,
      width: 6,
      queries: [{ expr: rate(cacheMisses, perCache), legend: '{{server}} {{cache}}' }],
    },
  ],
};
