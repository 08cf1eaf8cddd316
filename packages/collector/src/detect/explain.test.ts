import { afterEach, beforeEach, expect, it } from 'vitest';
import { anomalyIdOf, minuteOfAnomalyId } from '../model/anomaly.ts';
import { MINUTE_MS } from '../model/rollup.ts';
import { type FilledStore, openFilledStore, testAnomaly, testResources } from '../testing/filledStore.ts';
import { createDetection, type DetectionService } from './service.ts';

const START_MS = Date.UTC(2026, 0, 6, 8);

let filled: FilledStore;
let detection: DetectionService;

beforeEach(async () => {
  filled = await openFilledStore(START_MS);
  detection = createDetection(filled);
});

afterEach(() => filled.close());

it('names an anomaly by its minute', () => {
  const id = anomalyIdOf(testAnomaly({ atMs: START_MS + 7 * MINUTE_MS }));
  expect(id).toMatch(/^anomaly-20260106-0807-[0-9a-f]{8}$/);
  expect(minuteOfAnomalyId(id)).toBe(START_MS + 7 * MINUTE_MS);
  expect(anomalyIdOf(testAnomaly({ atMs: START_MS + 7 * MINUTE_MS, tool: 'write' }))).not.toBe(id);
});

it('shows the minutes around it, of its series and of its server', async () => {
  for (let minute = 0; minute < 3; minute += 1) {
    const atMs = START_MS + minute * MINUTE_MS + 30_000;
    await filled.record(
      [
        { server: 'files', tool: 'read', atMs, durationsMs: [10, 20 + minute, 90], failures: 1 },
        { server: 'files', tool: 'write', atMs, durationsMs: [1] },
      ],
      { resources: [testResources(atMs, { cpuPercent: 30 + minute })] },
    );
    filled.clock.advance(MINUTE_MS);
  }
  await filled.store.closeMinutes(filled.clock.nowMs() + MINUTE_MS);
  const ofTool = testAnomaly({ atMs: START_MS + MINUTE_MS });
  const ofServer = testAnomaly({ atMs: START_MS + MINUTE_MS, tool: '', type: 'resource_spike' });
  await filled.store.saveAnomalies([ofTool, ofServer]);

  const explained = await detection.explain(anomalyIdOf(ofTool));
  expect(explained.anomaly).toEqual(ofTool);
  const withCalls = explained.minutes.filter(({ calls }) => calls > 0);
  expect(
    withCalls.map(({ atMs, calls, errors, p50Ms, maxMs, cpuPercent }) => [
      atMs,
      calls,
      errors,
      p50Ms,
      maxMs,
      cpuPercent,
    ]),
  ).toEqual([
    [START_MS, 3, 1, 20, 90, 30],
    [START_MS + MINUTE_MS, 3, 1, 21, 90, 31],
    [START_MS + 2 * MINUTE_MS, 3, 1, 22, 90, 32],
  ]);
  expect(explained.minutes[0]).toEqual({ atMs: START_MS - 29 * MINUTE_MS, calls: 0, errors: 0 });

  const server = await detection.explain(anomalyIdOf(ofServer));
  expect(server.minutes.find(({ atMs }) => atMs === START_MS)).toMatchObject({ calls: 4, errors: 1 });
});

it.each(['anomaly-20260106-0807-00000000', 'anomaly-1', '', '../x'])('knows no anomaly "%s"', async (anomalyId) => {
  await expect(detection.explain(anomalyId)).rejects.toMatchObject({ code: 'not_found' });
});
