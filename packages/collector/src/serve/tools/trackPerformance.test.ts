import { describe, expect, it } from 'vitest';
import { ADMIN_CALL } from '../../testing/adminCall.ts';
import type { TrackedCall, TrackedResult } from '../ports/tracking.ts';
import { trackPerformance } from './trackPerformance.ts';

const CALL = { mcpServer: 'files', toolName: 'read', duration: 150, success: true };

/** A tracker that remembers what it was given. */
function recorder(result: Partial<TrackedResult> = {}) {
  const calls: TrackedCall[] = [];
  const track = async (call: TrackedCall): Promise<TrackedResult> => {
    calls.push(call);
    return { metricId: 'm-1', atMs: Date.parse('2025-10-31T13:00:00.123Z'), stored: true, ...result };
  };
  return { calls, track };
}

describe('track_performance', () => {
  it('hands a call over and tells its id', async () => {
    const { calls, track } = recorder();
    const input = trackPerformance.input.parse({
      ...CALL,
      success: false,
      errorMessage: 'no mail to jane@example.com',
      resourceUsage: { cpu: 15.5, memory: 128, diskIO: 1024 },
    });
    const { structured, text } = await trackPerformance.run(input, { track }, ADMIN_CALL);
    expect(calls).toEqual([
      {
        server: 'files',
        tool: 'read',
        durationMs: 150,
        success: false,
        errorMessage: 'no mail to <email>',
        resources: { cpuPercent: 15.5, memoryMb: 128, diskIoKb: 1024 },
      },
    ]);
    expect(structured).toEqual({
      success: true,
      metricId: 'm-1',
      timestamp: '2025-10-31T13:00:00.123Z',
      stored: true,
    });
    expect(text).toBe('Stored: "read" of "files", 150 ms, failed.');
  });

  it('answers a storage failure with success false and the reason', async () => {
    const { track } = recorder({ stored: false, reason: 'The disk is full' });
    const { structured, text } = await trackPerformance.run(trackPerformance.input.parse(CALL), { track }, ADMIN_CALL);
    expect(structured).toMatchObject({ success: false, stored: false });
    expect(text).toBe('Not stored: "read" of "files". The disk is full');
  });

  it.each([
    ['a negative duration', { duration: -1 }],
    ['NaN', { duration: Number.NaN }],
    ['infinity', { duration: Number.POSITIVE_INFINITY }],
    ['more than a week', { duration: 604_800_001 }],
    ['a duration as text', { duration: '150' }],
    ['no server', { mcpServer: undefined }],
    ['an empty tool name', { toolName: '' }],
    ['an endless name', { toolName: 'x'.repeat(10_001) }],
    ['success as a number', { success: 1 }],
    ['negative memory', { resourceUsage: { cpu: 1, memory: -1, diskIO: 1 } }],
    ['half of the resources', { resourceUsage: { cpu: 1 } }],
    ['an unknown parameter', { durationMs: 1 }],
  ])('rejects %s', (_, change) => {
    expect(trackPerformance.input.safeParse({ ...CALL, ...change }).success).toBe(false);
  });

  it.each([0, 0.001, 604_800_000])('accepts %s ms', (duration) => {
    expect(trackPerformance.input.safeParse({ ...CALL, duration }).success).toBe(true);
  });
});
