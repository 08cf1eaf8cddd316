/**
 * Three collectors and a database, killed (-9) and started again at random under the load of many SDKs: what the SDKs made is
 * what is counted plus what they say they dropped, to the last call; and each alert is told once.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, describe, expect, inject, it } from 'vitest';
import {
  findPostgres,
  type PostgresServer,
  startPostgres,
} from '../../packages/collector/src/testing/postgresServer.ts';
import { countCalls } from '../e2e/support/collector.ts';
import { type Cluster, startCluster, TOKENS } from './support/cluster.ts';
import { type LoadBalancer, startLoadBalancer } from './support/loadBalancer.ts';
import { type SimulatedSdks, startSimulatedSdks } from './support/simulatedSdks.ts';
import { startWebhook, type Webhook } from './support/webhook.ts';

const isFull = inject('thoroughness') > 1;
const SDKS = isFull ? 2_000 : 150;
const CHAOS_MS = isFull ? 300_000 : 30_000;
const SERVERS = 12;
const TOOLS = 3;
/** Its calls fail: each of its tools has an alert. */
const FAILING = 'server-0';
const SEED = 20_261_121;

let postgres: PostgresServer;
let webhook: Webhook;
let cluster: Cluster;
let balancer: LoadBalancer;
let sdks: SimulatedSdks;

afterEach(async () => {
  await sdks?.stop();
  await balancer?.close();
  await cluster?.stop();
  await webhook?.close();
  await postgres?.stop();
});

describe.skipIf(findPostgres() === undefined && process.env.MCP_VITALS_CI !== '1')('a cluster under fire', () => {
  it('loses no call, counts none twice, and tells of each alert once', { timeout: CHAOS_MS + 240_000 }, async () => {
    postgres = await startPostgres();
    webhook = await startWebhook();
    cluster = await startCluster({
      size: 3,
      store: postgres.url,
      settings: { notifications: { channels: { hook: { type: 'webhook', url: webhook.url } } } },
    });
    balancer = await startLoadBalancer(() => cluster.ports());
    sdks = startSimulatedSdks({
      count: SDKS,
      url: balancer.url,
      token: TOKENS.ingest,
      servers: SERVERS,
      toolsPerServer: TOOLS,
      windowMs: isFull ? 5_000 : 1_000,
      fails: (server) => server === FAILING,
    });
    const kills = await underFire();

    await sdks.drain(120_000);
    const made = [...sdks.made.values()].reduce((a, b) => a + b, 0);
    for (const { collector } of cluster.members) {
      const counted = await Promise.all([...sdks.made.keys()].map((server) => countCalls(collector!, server)));
      expect(counted.reduce((a, b) => a + b, 0) + sdks.dropped()).toBe(made);
    }
    await expect.poll(created, { timeout: 60_000 }).toHaveLength(TOOLS);
    expect(new Set(created().map(({ tool }) => tool)).size).toBe(TOOLS);
    const repeated = [...webhook.received.values()].filter(({ times }) => times > 1);
    console.info(
      `${made} calls of ${SDKS} SDKs, ${sdks.dropped()} dropped, ${kills} kills, ${webhook.received.size} notifications, ${repeated.length} of them twice`,
    );
    // Only who dies between sending and noting it down leaves a notification to be sent again, under the same id.
    expect(repeated.length).toBeLessThanOrEqual(kills);
    expect(made).toBeGreaterThan(SDKS * TOOLS * 10);
  });
});

/** First notifications of alerts of the failing server's error rate; what the detector makes of the outages is not meant. */
function created() {
  return [...webhook.received.values()].filter(
    ({ change, server, condition }) =>
      change === 'created' && server === FAILING && condition.startsWith('error_rate >'),
  );
}

/** @returns how many processes were killed; all run again afterwards */
async function underFire(): Promise<number> {
  const random = seeded(SEED);
  const untilMs = Date.now() + CHAOS_MS;
  const calls = setInterval(() => sdks.callAll(), 500);
  let kills = 0;
  while (Date.now() < untilMs) {
    await pause(1_000 + 4_000 * random());
    const victim = Math.floor(4 * random());
    kills += 1;
    if (victim === 3) {
      await postgres.kill();
      await pause(2_000 * random());
      await postgres.start();
    } else {
      const member = cluster.members[victim]!;
      await member.kill();
      await pause(3_000 * random());
      await member.start();
    }
  }
  clearInterval(calls);
  return kills;
}

/** The same numbers from 0 to 1 in each run (xorshift). */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}
