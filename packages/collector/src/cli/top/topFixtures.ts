/** Answers of the API as anybody could make them. */
import fc from 'fast-check';
import type { AlertAnswer } from '../../serve/api/shapes.ts';
import type { Figures, ServerRow, ToolRow } from './rowSets.ts';
import { SORT_KEYS, type ViewState } from './viewState.ts';

const AT = '2026-11-21T16:42:07.123Z';

export function serverRow(values: Partial<ServerRow> = {}): ServerRow {
  return {
    name: 'shop',
    version: '1.0.0',
    status: 'healthy',
    healthScore: 100,
    calls: 120,
    callsPerMinute: 2,
    avgResponseTimeMs: 3,
    p95Ms: 12.3,
    errorRatePercent: 0,
    activeAlerts: 0,
    lastSeenAt: AT,
    liveInstances: 1,
    spark: { calls: Array(60).fill(2), errors: Array(60).fill(0), avgMs: Array(60).fill(3) },
    ...values,
  };
}

export function toolRow(values: Partial<ToolRow> = {}): ToolRow {
  const stats = { calls: 10, errors: 1, errorRatePercent: 10, avgMs: 2, p50Ms: 2, p95Ms: 3, p99Ms: 4, maxMs: 5 };
  return { server: 'shop', tool: 'pay', ...stats, totalMs: 20, sharePercent: 50, ...values };
}

export function alertAnswer(values: Partial<AlertAnswer> = {}): AlertAnswer {
  return {
    alertId: 'alert-20261121-001',
    createdAt: '2026-11-21T16:40:07.123Z',
    server: 'shop',
    tool: 'pay',
    severity: 'critical',
    status: 'active',
    condition: 'error_rate > 5%',
    currentValue: 11.1,
    threshold: 5,
    evidence: [],
    anomalyId: null,
    acknowledgedBy: null,
    acknowledgedAt: null,
    notes: null,
    escalatedAt: null,
    clearedAt: null,
    resolvedAt: null,
    repeats: 0,
    feedback: null,
    ...values,
  };
}

export function figuresOf(
  servers: ServerRow[],
  tools: ToolRow[] | undefined = undefined,
  alerts: AlertAnswer[] = [],
): Figures {
  const { server: _, tool: __, totalMs: ___, sharePercent: ____, ...totals } = toolRow();
  const overview: Figures['overview'] = {
    at: AT,
    systemHealth: 'healthy',
    activeAlerts: alerts.length,
    firingAlerts: alerts.length,
    recentAnomalies: 0,
    callsPerMinute: 7,
    totals,
    sparkFrom: AT,
    servers,
    alerts,
    changes: [],
    timeShares: [],
  };
  return { overview, tools };
}

export function viewOf(values: Partial<ViewState> = {}): ViewState {
  const state: ViewState = {
    view: 'servers',
    server: undefined,
    sort: 'health',
    isReversed: false,
    filter: '',
    isTyping: false,
    selected: undefined,
  };
  return { ...state, ...values };
}

const anyName = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.constantFrom('日本語のツール🎉', '\x1b[31m', 'e\u0301'),
);
const anyNumber = fc.double({ min: 0, max: 1e10, noNaN: true });
const anyServer = fc
  .record({ name: anyName, version: anyName, calls: fc.nat(), callsPerMinute: anyNumber, p95Ms: anyNumber })
  .map(serverRow);
const anyTool = fc.record({ server: anyName, tool: anyName, calls: fc.nat(), p95Ms: anyNumber }).map(toolRow);
const anyAlert = fc
  .record({ alertId: anyName, server: anyName, tool: anyName, condition: anyName, currentValue: anyNumber })
  .map(alertAnswer);

export const anyFigures = fc
  .tuple(
    fc.array(anyServer, { maxLength: 9 }),
    fc.array(anyTool, { maxLength: 9 }),
    fc.array(anyAlert, { maxLength: 9 }),
  )
  .map((parts) => figuresOf(...parts));

export const anyView: fc.Arbitrary<ViewState> = fc.record({
  view: fc.constantFrom('servers', 'tools'),
  server: fc.option(anyName, { nil: undefined }),
  sort: fc.constantFrom(...SORT_KEYS),
  isReversed: fc.boolean(),
  filter: fc.oneof(fc.constant(''), anyName),
  isTyping: fc.boolean(),
  selected: fc.option(anyName, { nil: undefined }),
});
