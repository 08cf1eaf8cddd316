import { expect, it } from 'vitest';
import type { Anomaly } from '../../api/client.ts';
import { marksOf } from './marksOf.ts';

const anomaly = (values: Partial<Anomaly>): Anomaly => ({
  anomalyId: 'anomaly-1',
  at: '2026-05-12T10:00:00.000Z',
  endedAt: null,
  server: 'shop',
  tool: 'search',
  type: 'response_time_spike',
  severity: 'warning',
  currentValue: 300,
  expectedRange: '90.5-165',
  expectedMax: 165,
  deviation: '2x expected',
  confidence: 0.9,
  method: 'adaptive',
  recommendations: [],
  incident: null,
  ...values,
});

it('shows what was expected only where the chart is in its unit', () => {
  const atMs = Date.parse('2026-05-12T10:00:00Z');
  const anomalies = [
    anomaly({}),
    anomaly({ type: 'error_rate_spike', expectedRange: '0-0.3', endedAt: '2026-05-12T10:05:00.000Z' }),
    anomaly({ expectedRange: 'unknown' }),
    anomaly({ severity: 'info' }),
  ];
  expect(marksOf({ anomalies, alerts: [], deploys: [] }).spans).toEqual([
    { fromMs: atMs, toMs: null, expected: { low: 90.5, high: 165 } },
    { fromMs: atMs, toMs: atMs + 300_000, expected: undefined },
    { fromMs: atMs, toMs: null, expected: undefined },
  ]);
});
