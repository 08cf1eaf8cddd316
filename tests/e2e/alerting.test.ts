/** From a failing call to a person and back: a real collector, a real webhook, and the commands that a person types. */
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { runCommand } from '../setup/support/runCommand.ts';
import { encodedBatch } from './support/batches.ts';
import { type Collector, startCollector, temporaryDataDir, tokenOf } from './support/collector.ts';

let dataDir: string;
let remove: () => void;
let collector: Collector;
let webhook: Webhook;

/** Collects what it is sent; what somebody waits for may have come already. */
class Webhook {
  readonly received: Record<string, unknown>[] = [];
  port = 0;
  #server: Server | undefined;
  #waiting: (() => void)[] = [];

  async open(): Promise<void> {
    this.#server = createServer(async (request, response) => {
      let body = '';
      for await (const chunk of request) body += chunk;
      this.received.push(JSON.parse(body));
      response.end();
      for (const wake of this.#waiting.splice(0)) wake();
    }).listen(this.port, '127.0.0.1');
    await once(this.#server, 'listening');
    this.port = (this.#server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    this.#server?.closeAllConnections();
    this.#server?.close();
  }

  async take(count: number): Promise<Record<string, unknown>[]> {
    while (this.received.length < count) await new Promise<void>((resolve) => void this.#waiting.push(resolve));
    return this.received;
  }
}

beforeEach(async () => {
  ({ dataDir, remove } = temporaryDataDir());
  webhook = new Webhook();
  await webhook.open();
  const settings = {
    environments: { staging: ['demo-staging'], production: ['demo'] },
    notifications: { channels: { hook: { type: 'webhook', url: `http://127.0.0.1:${webhook.port}/secret-path` } } },
  };
  writeFileSync(join(dataDir, 'config.json'), JSON.stringify(settings));
  collector = await startCollector(dataDir);
});

afterEach(async () => {
  await collector.stop();
  await webhook.close();
  remove();
});

const command = (...args: string[]) => runCommand(dataDir, args, { MCP_VITALS_DATA: dataDir });

async function said(...args: string[]): Promise<string> {
  const { stdout, stderr, code } = await command(...args);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return stdout;
}

it('tells a webhook of a failing tool, and lets a person silence and judge', async () => {
  await collector.post(encodedBatch({ samplesPerWindow: 20, failures: 10 }));
  const [told] = await webhook.take(1);
  expect(told).toMatchObject({ change: 'created', title: 'CRITICAL raised: tool_0 of demo, error_rate > 5%' });
  const { alertId } = told!.alert as { alertId: string };

  expect(await said('notify', 'test', 'hook')).toBe('Sent: the channel has taken it.\n');
  expect((await webhook.take(2))[1]).toMatchObject({ kind: 'test' });
  expect(await said('notify', 'status')).toMatch(/^hook: works; 0 waiting, 1 sent/);
  expect((await command('notify', 'test', 'hock')).stderr).toContain('Configured: hook.');
  expect(await said('config')).not.toContain('secret-path');

  expect(await said('alerts', 'list')).toMatch(
    new RegExp(`^critical +tool_0 of demo +error_rate > 5% +\\d.* %.* active +${alertId}$`, 'm'),
  );
  expect(await said('alerts', 'acknowledge', alertId, '--notes', 'looking')).toContain(alertId);
  expect((await command('alerts', 'acknowledge', 'alert-20000101-001')).code).toBe(1);
  expect(await said('alerts', 'mark', alertId, 'useful')).toBe('Noted: useful.\n');
  expect((await command('alerts', 'mark', alertId, 'lovely')).code).toBe(1);
  expect(await said('alerts', 'quality')).toMatch(/marked useful: 1, false: 0\n {2}false-alarm rate: 0 %/);

  const silenced = await said('alerts', 'silence', 'de*', '--minutes', '5', '--reason', 'moving');
  const [silenceId] = /silence-[\w-]+/.exec(silenced)!;
  expect(await said('alerts', 'silences')).toContain('de* until');
  await collector.post(encodedBatch({ tools: 2, samplesPerWindow: 20, failures: 10 }));
  expect(await said('alerts', 'unsilence', silenceId)).toBe('Ended.\n');
  expect(await said('alerts', 'silences')).toBe('Nothing is silenced.\n');
  expect(await said('alerts', 'propose')).toMatch(/too little history/);
  expect(await said('alerts', 'objectives')).toMatch(/No objectives/);
  const { alerts } = await collector.tool<{ alerts: unknown[] }>('get_active_alerts', {});
  expect(alerts).toHaveLength(2);
  expect(webhook.received).toHaveLength(2);
});

it('tells what it could not tell, once, after it was killed', async () => {
  await webhook.close();
  await collector.post(encodedBatch({ samplesPerWindow: 20, failures: 10 }));
  const channels = async () => {
    const headers = { authorization: `Bearer ${tokenOf(dataDir, 'read')}` };
    const answer = await fetch(`${collector.url}/api/v1/channels`, { headers });
    return ((await answer.json()) as { channels: { failures: number; waiting: number }[] }).channels;
  };
  await expect.poll(async () => (await channels())[0], { timeout: 10_000 }).toMatchObject({ failures: 1, waiting: 1 });
  await collector.kill();
  await webhook.open();
  collector = await startCollector(dataDir);
  const told = await webhook.take(1);
  await expect.poll(async () => (await channels())[0]).toMatchObject({ failures: 0, waiting: 0 });
  expect(told).toMatchObject([{ change: 'created' }]);
});

it('stops a release that is slower, and lets one pass that is not', async () => {
  const side = (server: string, factor: number, failures = 0) =>
    collector.post(encodedBatch({ server, tools: 2, samplesPerWindow: 400, factor, failures }));
  await side('demo-staging', 1);
  await side('demo', 1);
  const same = await command('gate', '--from', 'staging', '--to', 'production');
  expect(same.stdout).toContain('production against staging: not worse');
  expect(same.code).toBe(0);
  await side('demo', 10);
  const worse = await command('gate', '--from', 'staging', '--to', 'production');
  expect(worse.stdout).toMatch(/tool_0: 400 and 800 calls; .*p95 [\d.]+ -> \d+ ms WORSE/);
  expect(worse.code).toBe(1);
  expect((await command('gate', '--from', 'staging', '--to', 'moon')).stderr).toContain(
    'Configured: staging, production.',
  );
});
