import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createReports } from '../../report/service.ts';
import { ADMIN_CALL } from '../../testing/adminCall.ts';
import { type FilledStore, minutesBefore, openFilledStore, testAlert } from '../../testing/filledStore.ts';
import type { Services } from '../ports/services.ts';
import { generatePerformanceReport } from './generatePerformanceReport.ts';
import { getPerformanceDashboard } from './getPerformanceDashboard.ts';

const NOW = Date.parse('2025-10-31T13:30:00Z');
const HOUR = { startTime: '2025-10-31T12:30:00Z', endTime: '2025-10-31T13:30:00Z' };

let filled: FilledStore;
let services: Pick<Services, 'reports'>;

beforeEach(async () => {
  filled = await openFilledStore(NOW);
  services = { reports: createReports(filled) };
  const durationsMs = Array.from({ length: 40 }, () => 1200);
  await filled.record([{ server: 'files', tool: 'read', atMs: minutesBefore(NOW, 10), durationsMs, failures: 4 }]);
  await filled.store.saveAlert(testAlert({ createdAtMs: NOW - 60_000 }));
});
afterEach(() => filled.close());

function report(args: object) {
  return generatePerformanceReport.run(
    generatePerformanceReport.input.parse({ ...HOUR, ...args }),
    services,
    ADMIN_CALL,
  );
}

describe('generate_performance_report', () => {
  it('answers with the report, a summary and recommendations', async () => {
    const { structured, text } = await report({});
    expect(generatePerformanceReport.output.parse(structured)).toEqual(structured);
    expect(structured.summary).toEqual({
      period: '2025-10-31T12:30:00.000Z/2025-10-31T13:30:00.000Z',
      totalCalls: 40,
      avgResponseTime: 1200,
      errorRate: 10,
      anomaliesDetected: 0,
      alertsTriggered: 1,
    });
    expect(structured.recommendations[1]).toBe('Find out why `read` of `files` fails: 4 failures in 40 calls (10 %).');
    expect(structured.report).toContain('## Executive Summary');
    expect(text).toBe(structured.report);
  });

  it('knows three formats, one server and no recommendations', async () => {
    expect(JSON.parse((await report({ format: 'json' })).structured.report).overall.calls).toBe(40);
    expect((await report({ format: 'html' })).structured.report).toMatch(/^<!doctype html>/);
    const other = await report({ mcpServer: 'web', includeRecommendations: false });
    expect(other.structured.summary.totalCalls).toBe(0);
    expect(other.structured.recommendations).toEqual([]);
  });

  it('refuses a period that ends before it starts', async () => {
    await expect(report({ startTime: '2026-01-01' })).rejects.toMatchObject({ code: 'invalid' });
  });
});

describe('get_performance_dashboard', () => {
  it('answers with every server and the system', async () => {
    const { structured, text } = await getPerformanceDashboard.run({ refreshInterval: 30 }, services, ADMIN_CALL);
    expect(getPerformanceDashboard.output.parse(structured)).toEqual(structured);
    expect(structured).toEqual({
      timestamp: '2025-10-31T13:30:00.000Z',
      mcpServers: [
        {
          name: 'files',
          healthScore: 0,
          avgResponseTime: 1200,
          errorRate: 10,
          activeAlerts: 1,
          status: 'critical',
        },
      ],
      activeAlerts: 1,
      recentAnomalies: 0,
      systemHealth: 'critical',
    });
    expect(text).toBe(
      [
        'System critical. Servers: 1; active alerts: 1; anomalies in the last hour: 0.',
        '- "files": 0 critical, avg 1200 ms, 10 % errors, alerts: 1',
      ].join('\n'),
    );
  });

  it('reuses an answer for the interval asked for', async () => {
    const first = await getPerformanceDashboard.run({ refreshInterval: 10 }, services, ADMIN_CALL);
    filled.clock.advance(9_999);
    const second = await getPerformanceDashboard.run({ refreshInterval: 10 }, services, ADMIN_CALL);
    expect(second.structured.timestamp).toBe(first.structured.timestamp);
    filled.clock.advance(1);
    const third = await getPerformanceDashboard.run({ refreshInterval: 10 }, services, ADMIN_CALL);
    expect(third.structured.timestamp).toBe('2025-10-31T13:30:10.000Z');
  });
});
