/** Fails on purpose, and reads what the three servers were told, what the webhook was sent, and what was only written down. */
import { deepStrictEqual, match } from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer as createHttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { startCollector } from '../../scripts/demo/collector.ts';
import { connectStdio } from '../../scripts/demo/connect.ts';
import { settings } from './settings.ts';

const WITHIN_MS = 60_000;
const POLL_MS = 100;

const posted: string[] = [];
const webhook = createHttpServer(async (request, response) => {
  let body = '';
  for await (const chunk of request) body += chunk;
  posted.push((JSON.parse(body) as { text: string }).text);
  response.end();
}).listen(0, '127.0.0.1');
await once(webhook, 'listening');
const webhookUrl = `http://127.0.0.1:${(webhook.address() as AddressInfo).port}/`;

const dataDir = await mkdtemp(join(tmpdir(), 'mcp-vitals-example-'));
const toldFile = join(dataDir, 'told.jsonl');
const auditFile = join(dataDir, 'audit.log');
writeFileSync(join(dataDir, 'config.json'), JSON.stringify(settings(toldFile, webhookUrl)));

function linesOf(path: string): Record<string, unknown>[] {
  if (!existsSync(path)) return [];
  return readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

async function waitFor(what: string, isTrue: () => boolean): Promise<void> {
  const deadline = Date.now() + WITHIN_MS;
  while (!isTrue()) {
    if (Date.now() > deadline) throw new Error(`waited in vain: ${what}`);
    await sleep(POLL_MS);
  }
}

const collector = await startCollector({ dataDir, port: 0 });
try {
  const args = ['--import', 'tsx', fileURLToPath(new URL('server.ts', import.meta.url))];
  const cwd = fileURLToPath(new URL('.', import.meta.url));
  const server = await connectStdio({ command: process.execPath, args, env: collector.env, cwd });
  for (let i = 0; i < 10; i++) await server.callTool({ name: 'charge', arguments: { amount: 1 } });
  await server.close();

  await waitFor('all three servers are told', () => linesOf(toldFile).length >= 3);
  await waitFor('the dry run is written down', () => linesOf(auditFile).length >= 4);
  const told = Object.fromEntries(linesOf(toldFile).map(({ tool, ...input }) => [tool, input]));
  deepStrictEqual(Object.keys(told).sort(), ['send_email', 'send_google_chat_webhook', 'track_issue']);
  deepStrictEqual((told.track_issue as { title: string }).title, 'error_rate > 5% in example-payments');
  match(posted[0]!, /^CRITICAL raised: charge of example-payments, error_rate > 5%$/);
  const dry = linesOf(auditFile).find(({ channel }) => channel === 'rollback')!;
  match(String(dry.outcome), /^dry run: would call with .*"application":"example-payments"/);
  console.log('example-payments: a message, an e-mail, an issue, and a rollback that was not made');
} finally {
  await collector.stop();
  webhook.close();
  await rm(dataDir, { recursive: true, force: true });
}
