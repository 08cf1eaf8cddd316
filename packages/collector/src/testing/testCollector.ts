/** A real collector in this process, and a way to ask it that changes nothing of what is sent. */
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { type IncomingHttpHeaders, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type App, startApp } from '../app.ts';
import { type Clock, systemClock } from '../clock.ts';
import { loadConfig } from '../config/load.ts';
import { tryOwn } from '../daemon/ownership.ts';
import { createLogger } from '../logger.ts';
import type { Scope } from '../serve/toolBackend.ts';
import { tryExclusiveLock } from '../store/sqlite/db/lock.ts';

export interface Asked {
  scope?: Scope;
  method?: string;
  headers?: Record<string, string>;
  /** Sent as JSON when it is no text. */
  body?: unknown;
}

export interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
  json(): Record<string, unknown>;
}

export interface TestCollector {
  readonly app: App;
  readonly dataDir: string;
  token(scope: Scope): string;
  ask(path: string, asked?: Asked): Promise<Answer>;
  /** Ends and begins on the same directory. @param between what is done to it meanwhile */
  restart(between?: () => void): Promise<void>;
  stop(): Promise<void>;
}

export function newDataDir(): string {
  return mkdtempSync(join(tmpdir(), 'mv-app-'));
}

/** @param set as of `--set`, e.g. `dashboard.cacheSeconds=0` */
export async function startTestCollector(
  set: string[] = [],
  { dataDir = newDataDir(), clock = systemClock }: { dataDir?: string; clock?: Clock } = {},
): Promise<TestCollector> {
  const start = () => {
    const { config } = loadConfig({ dataDir, port: '0', set: ['socket=false', ...set] }, {});
    const ownership = tryOwn(dataDir, tryExclusiveLock)!;
    return startApp(config, { clock, logger: createLogger('silent'), ownership, whenPortIsTaken: 'refuse' });
  };
  let app = await start();
  const token = (scope: Scope) => readFileSync(join(dataDir, 'tokens', scope), 'utf8').trim();
  return {
    get app() {
      return app;
    },
    dataDir,
    token,
    ask: (path, { scope, ...asked } = {}) =>
      ask(app.url, path, scope === undefined ? asked : withToken(asked, token(scope))),
    async restart(between = () => {}) {
      await app.stop();
      between();
      app = await start();
    },
    async stop() {
      await app.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

function withToken(asked: Omit<Asked, 'scope'>, token: string): Omit<Asked, 'scope'> {
  return { ...asked, headers: { authorization: `Bearer ${token}`, ...asked.headers } };
}

async function ask(url: string, path: string, { method = 'GET', headers = {}, body }: Omit<Asked, 'scope'>) {
  const { hostname, port } = new URL(url);
  const sent = body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body);
  const contentType = sent === undefined ? {} : { 'content-type': 'application/json' };
  const length = sent === undefined ? {} : { 'content-length': String(Buffer.byteLength(sent)) };
  const asking = request({
    hostname,
    port,
    path,
    method,
    headers: { ...contentType, ...length, ...headers },
    agent: false,
  });
  asking.end(sent);
  const [response] = await once(asking, 'response');
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk);
  const text = Buffer.concat(chunks).toString();
  return { status: response.statusCode, headers: response.headers, text, json: () => JSON.parse(text) } as Answer;
}
