/** Rules that a model sets: asked of a running collector, kept, watched, written down, taken away. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startTestCollector, type TestCollector } from '../../../testing/testCollector.ts';

const CHANNELS = 'notifications.channels={"file":{"type":"log","file":"alerts.jsonl"}}';
const CALLER = { client: 'me', scope: 'admin' } as const;

let collector: TestCollector;
beforeEach(async () => {
  collector = await startTestCollector([CHANNELS, 'alerts.rules=[{"name":"fixed","metric":"cpu","threshold":1e6}]']);
});
afterEach(() => collector.stop());

const set = (args: object) => collector.app.backend.call('set_performance_alert', args, CALLER);
const textOf = ({ content }: Awaited<ReturnType<typeof set>>) => (content[0] as { text: string }).text;
const answerOf = async (path: string, method = 'GET') =>
  (await collector.ask(`/api/v1${path}`, { scope: 'admin', method })).json();

const ALERT = { alertName: 'slow <b>', metric: 'execution_time', threshold: 200 };

describe('set_performance_alert', () => {
  it('sets a rule with what is usual, and keeps it across restarts', async () => {
    const { structuredContent } = await set({ ...ALERT, evaluationSeconds: 30, cooldownSeconds: 90 });
    expect(structuredContent).toEqual({
      success: true,
      rule: {
        alertName: 'slow <b>',
        mcpServer: '*',
        toolName: '*',
        metric: 'execution_time',
        operator: 'gt',
        threshold: 200,
        severity: 'warning',
        evaluationMinutes: 1,
        cooldownMinutes: 1.5,
        autoResolution: false,
      },
    });
    await collector.restart();
    const { rules } = (await answerOf('/alert-rules')) as { rules: Record<string, unknown>[] };
    expect(rules.map(({ name, isFixed }) => [name, isFixed])).toEqual([
      ['fixed', true],
      ['slow <b>', false],
    ]);
    expect(rules[1]).toMatchObject({ metric: 'response_time', statistic: 'p95', grade: 'medium' });
  });

  it.each([
    ['low', { severity: 'warning', channels: [] }],
    ['medium', { severity: 'warning', channels: undefined }],
    ['high', { severity: 'critical', channels: undefined }],
    ['critical', { severity: 'critical', channels: undefined }],
  ])('reads %s as is written down', async (severity, expected) => {
    const { structuredContent } = await set({ ...ALERT, severity });
    const { rule } = structuredContent as { rule: { severity: string; channels?: string[] } };
    expect({ severity: rule.severity, channels: rule.channels }).toEqual(expected);
  });

  it.each([
    [{ ...ALERT, channels: ['nowhere'] }, 'A channel of the rule is not among the configured ones\nThere are: file.'],
    [{ ...ALERT, alertName: 'fixed' }, 'A rule of this name comes from the settings'],
    [{ ...ALERT, scope: 'server' }, 'The scope server needs mcpServer'],
    [{ ...ALERT, scope: 'tool', mcpServer: 'x' }, 'The scope tool needs toolName'],
    [{ ...ALERT, mcpServer: 'x' }, 'The scope system is every server and tool'],
    [{ ...ALERT, metric: 'cpu', scope: 'tool', toolName: 'x' }, 'cpu is measured per server, not per tool'],
    [{ ...ALERT, evaluationSeconds: 29 }, 'evaluationSeconds: Too small'],
    [{ ...ALERT, alertName: ' ' }, 'alertName: Too small'],
  ])('refuses %j and says why', async (args, said) => {
    const answer = await set(args);
    expect(answer.isError).toBe(true);
    expect(textOf(answer)).toContain(said);
  });

  it('raises, tells whom it names, and ends when it is taken away', async () => {
    await set({ ...ALERT, threshold: 1_000_000, operator: 'lt', channels: ['file'] });
    const call = { mcpServer: 'files', toolName: 'read', duration: 5, success: true };
    await collector.app.backend.call('track_performance', call, CALLER);
    await expect
      .poll(async () => (await answerOf('/alerts')).alerts, { timeout: 25_000 })
      .toEqual([
        expect.objectContaining({ server: 'files', tool: 'read', condition: expect.stringContaining('slow') }),
      ]);
    expect(await answerOf(`/alert-rules/${encodeURIComponent('slow <b>')}`, 'DELETE')).toEqual({ removed: true });
    expect(await answerOf(`/alert-rules/${encodeURIComponent('slow <b>')}`, 'DELETE')).toMatchObject({
      error: 'not_found',
    });
  });
});

describe('thresholds', () => {
  it('that were set are taken away again, and the default holds', async () => {
    const threshold = { mcpServer: 'files', metric: 'cpu', threshold: 3, severity: 'warning' };
    const { structuredContent } = await collector.app.backend.call('set_alert_threshold', threshold, CALLER);
    const { thresholdId } = structuredContent as { thresholdId: string };
    const idsOf = async () =>
      ((await answerOf('/thresholds')).thresholds as { thresholdId: string }[]).map((each) => each.thresholdId);
    expect(await idsOf()).toContain(thresholdId);
    expect(await answerOf(`/thresholds/${thresholdId}`, 'DELETE')).toEqual({ removed: true });
    expect(await idsOf()).not.toContain(thresholdId);
    expect(await idsOf()).toHaveLength(8);
    expect(await answerOf('/thresholds/cpu-warning', 'DELETE')).toMatchObject({ error: 'not_found' });
  });
});
