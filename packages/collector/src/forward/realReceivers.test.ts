/** Prometheus, VictoriaMetrics and another collector receive what is forwarded, and count what the tools count. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MINUTE_MS, startOfMinute } from '../model/rollup.ts';
import { type FilledStore, openFilledStore, testResources } from '../testing/filledStore.ts';
import {
  describeWithPrograms,
  type RunningProgram,
  startPrometheus,
  startVictoriaMetrics,
} from '../testing/monitoringPrograms.ts';
import { startTestCollector } from '../testing/testCollector.ts';
import { forwardNow, openForwarding, startReceiver } from './forwardFixtures.ts';

const MINUTES = 12;
const SERVERS = ['files', 'weather'];
const TOOLS = ['read', 'write "quoted" \\ {x}'];
const OPERATION_BOUNDS = [0, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 120, 300];

let filled: FilledStore;
let startMs: number;

beforeEach(async () => {
  startMs = startOfMinute(Date.now()) - (MINUTES + 3) * MINUTE_MS;
});
afterEach(() => filled.close());

/** Durations that differ from series to series and from minute to minute. */
function durations(seed: number): number[] {
  return Array.from({ length: 40 + (seed % 17) }, (_, i) => 3 * Math.exp(((i * 37 + seed * 11) % 97) / 14));
}

async function recordMinute(minute: number): Promise<void> {
  const atMs = startMs + minute * MINUTE_MS + 1_000;
  const calls = SERVERS.flatMap((server, s) =>
    TOOLS.map((tool, t) => ({
      server,
      tool,
      atMs,
      durationsMs: durations(minute * 7 + s * 3 + t),
      failures: (minute + s + t) % 5,
    })),
  );
  await filled.record(calls, { resources: [testResources(atMs)] });
}

/** Forwards minute after minute, the receiver being away for five of them. */
async function forwardAll(writeUrl: string): Promise<void> {
  const away = await startReceiver();
  away.reply = () => ({ status: 503 });
  filled = await openFilledStore(startMs, { forward: { remoteWrite: { url: writeUrl } } });
  const { remoteWrite, otlp } = filled.config.forward;
  const awayConfig = { forward: { otlp, remoteWrite: { ...remoteWrite, url: away.url } } };
  let forwarding = openForwarding(filled);
  await forwardNow(filled, forwarding);
  for (let minute = 0; minute < MINUTES; minute++) {
    await recordMinute(minute);
    filled.clock.advance(MINUTE_MS + 11_000);
    if (minute === 3 || minute === 8) {
      await forwarding.close();
      forwarding = openForwarding(filled, minute === 3 ? { config: awayConfig } : {});
    }
    await forwardNow(filled, forwarding);
    filled.clock.advance(-11_000);
  }
  await forwarding.close();
  await away.stop();
}

async function ask(
  { url }: RunningProgram,
  query: string,
  atMs: number,
): Promise<{ labels: Record<string, string>; value: number }[]> {
  const parameters = new URLSearchParams({ query, time: String(atMs / 1000) });
  const response = await fetch(`${url}/api/v1/query?${parameters}`);
  const answer = (await response.json()) as {
    data: { result: { metric: Record<string, string>; value: [number, string] }[] };
  };
  return answer.data.result.map(({ metric, value }) => ({ labels: metric, value: Number(value[1]) }));
}

/** What the tools answer from. */
async function ownNumbers() {
  const range = { fromMs: startMs, toMs: startMs + MINUTES * MINUTE_MS };
  const { rollups } = await filled.store.readRollups({ ...range, filter: {}, scope: 'series', digests: true });
  return rollups;
}

async function expectTheSame(program: RunningProgram): Promise<void> {
  const endMs = startMs + MINUTES * MINUTE_MS;
  const requests = await ask(program, 'mcp_tool_requests_total', endMs);
  const buckets = await ask(program, 'histogram_quantile(0.99, mcp_server_operation_duration_seconds_bucket)', endMs);
  const growth = await ask(
    program,
    `mcp_tool_request_duration_seconds_count - mcp_tool_request_duration_seconds_count offset 6m`,
    endMs,
  );
  const sums = await ask(program, 'mcp_tool_request_duration_seconds_sum', endMs);
  const own = await ownNumbers();
  expect(own).toHaveLength(SERVERS.length * TOOLS.length);
  const half = await filled.store.readRollups({
    fromMs: endMs - 6 * MINUTE_MS,
    toMs: endMs,
    filter: {},
    scope: 'series',
    digests: false,
  });
  for (const { series, outcomes, sumMs, digest } of own) {
    const { server, name } = series;
    const isOfTool = ({ labels }: { labels: Record<string, string> }) =>
      labels.server === server && labels.tool === name;
    const byStatus = new Map(requests.filter(isOfTool).map(({ labels, value }) => [labels.status, value]));
    expect(byStatus.get('success')).toBe(outcomes[0]);
    expect(byStatus.get('error')).toBe(outcomes[1]);
    expect(sums.find(isOfTool)!.value).toBeCloseTo(sumMs / 1000, 6);
    const recent = half.rollups.find((each) => each.series.server === server && each.series.name === name)!;
    expect(growth.find(isOfTool)!.value).toBe(recent.outcomes[0] + recent.outcomes[1]);
    const p99 = digest!.quantile(0.99) / 1000;
    const read = buckets.find(({ labels }) => labels.server === server && labels.gen_ai_tool_name === name)!.value;
    const bucket = OPERATION_BOUNDS.findIndex((bound) => p99 <= bound);
    expect(read).toBeGreaterThanOrEqual(OPERATION_BOUNDS[bucket - 1]!);
    expect(read).toBeLessThanOrEqual(OPERATION_BOUNDS[bucket]!);
  }
}

describeWithPrograms('a real Prometheus', ['prometheus'], () => {
  it('receives by remote write what the tools count, an outage included', async () => {
    const prometheus = await startPrometheus({ global: { scrape_interval: '1h' } });
    try {
      await forwardAll(`${prometheus.url}/api/v1/write`);
      await expectTheSame(prometheus);
      const metadata = await (await fetch(`${prometheus.url}/api/v1/query?query=up`)).json();
      expect(metadata).toMatchObject({ status: 'success' });
    } finally {
      await prometheus.stop();
    }
  });

  it('is told when a server is gone', async () => {
    const prometheus = await startPrometheus({ global: { scrape_interval: '1h' } });
    try {
      filled = await openFilledStore(startMs, { forward: { remoteWrite: { url: `${prometheus.url}/api/v1/write` } } });
      const forwarding = openForwarding(filled);
      await forwardNow(filled, forwarding);
      await recordMinute(0);
      filled.clock.advance(4 * MINUTE_MS + 11_000);
      await forwardNow(filled, forwarding);
      const at = (minutes: number) => ask(prometheus, 'mcp_tool_requests_total', startMs + minutes * MINUTE_MS);
      expect(await at(2)).toHaveLength(8);
      expect(await at(3)).toHaveLength(0);
      expect((await ask(prometheus, 'up', startMs + 4 * MINUTE_MS)).map(({ value }) => value)).toEqual([0, 0]);
      await forwarding.close();
    } finally {
      await prometheus.stop();
    }
  });
});

describeWithPrograms('a real VictoriaMetrics', ['victoria-metrics'], () => {
  it('receives by remote write what the tools count, an outage included', async () => {
    const victoria = await startVictoriaMetrics();
    try {
      await forwardAll(`${victoria.url}/api/v1/write`);
      await fetch(`${victoria.url}/internal/force_flush`);
      await expectTheSame(victoria);
    } finally {
      await victoria.stop();
    }
  });
});

describe('another collector', () => {
  it.each(['cumulative', 'delta'] as const)('receives by OTLP what the tools count, %s', async (temporality) => {
    const other = await startTestCollector();
    try {
      const otlp = {
        endpoint: other.app.url,
        headers: { authorization: `Bearer ${other.token('ingest')}` },
        temporality,
      };
      filled = await openFilledStore(startMs, { forward: { otlp } });
      const forwarding = openForwarding(filled);
      await forwardNow(filled, forwarding);
      for (let minute = 0; minute < 4; minute++) {
        await recordMinute(minute);
        filled.clock.advance(MINUTE_MS + 11_000);
        await forwardNow(filled, forwarding);
        filled.clock.advance(-11_000);
      }
      expect(forwarding.status()[0]).toMatchObject({ failures: 0, counts: { rejectedPoints: 0, refusedPoints: 0 } });
      await forwarding.close();
      const own = await ownNumbers();
      for (const { series, outcomes, digest } of own) {
        const range = {
          startTime: new Date(startMs).toISOString(),
          endTime: new Date(startMs + 4 * MINUTE_MS).toISOString(),
        };
        const asked = { ...range, mcpServer: series.server, toolName: series.name, aggregation: 'p99' };
        const answer = await other.ask('/api/v1/tools/get_metrics', { scope: 'read', method: 'POST', body: asked });
        const { metrics } = answer.json().structuredContent as { metrics: { value: number; count: number }[] };
        expect(metrics[0]!.count).toBe(outcomes[0] + outcomes[1]);
        // Four orders of magnitude in 160 buckets: each is 4.4 % wide.
        expect(Math.abs(Math.log(metrics[0]!.value / digest!.quantile(0.99)))).toBeLessThan(0.045);
      }
    } finally {
      await other.stop();
    }
  });
});
