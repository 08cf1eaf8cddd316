/**
 * A daemon seen from a process that is attached to it: its tools, its ingest, and its presence. Everything goes over
 * the unix socket where there is one, since only the directory's owner can listen there; else over loopback TCP.
 */
import { BATCH_CONTENT_TYPE, SENT_AT_HEADER } from '@mcp-vitals/wire/decode';
import type { CallToolResult } from '@modelcontextprotocol/server';
import { type Dispatcher, Pool } from 'undici';
import { type ErrorCode, VitalsError } from '../errors.ts';
import { NDJSON } from '../serve/streamedCalls.ts';
import type { CallControl, ToolCaller } from '../serve/toolBackend.ts';
import { pathWithin } from './askCollector.ts';
import type { Discovery } from './discovery.ts';
import { readStreamedAnswer } from './streamedAnswer.ts';

/** The daemon did not answer because it is no longer there. What was asked may be asked of the next one. */
export class DaemonGone extends Error {
  override readonly name = 'DaemonGone';
}

export interface Remote {
  callTool(name: string, args: unknown, caller: ToolCaller, control?: CallControl): Promise<CallToolResult>;
  /** Resolves once the batch is durable in the daemon, also when it had it already. */
  sendBatch(body: Uint8Array): Promise<void>;
  /** Resolves when the daemon has ended. */
  readonly gone: Promise<void>;
  close(): Promise<void>;
}

/** A daemon answers at once, or says at once that the answer will come; one that is silent for longer is not waited for. */
const ANSWER_TIMEOUT_MS = 60_000;

/** The daemon's own words where it answered with an error. */
async function failureOf(response: Dispatcher.ResponseData): Promise<VitalsError> {
  const body = (await response.body.json().catch(() => ({}))) as { error?: ErrorCode; message?: string; hint?: string };
  const retryAfterS = Number(response.headers['retry-after'] ?? Number.NaN);
  return new VitalsError(body.error ?? 'internal', body.message ?? `The daemon answered ${response.statusCode}`, {
    ...(body.hint === undefined ? {} : { hint: body.hint }),
    ...(Number.isNaN(retryAfterS) ? {} : { retryAfterMs: retryAfterS * 1000 }),
  });
}

/**
 * Connects to the daemon that a discovery file names.
 * @throws DaemonGone when nobody answers there, VitalsError when it refuses
 */
export async function attach(discovery: Discovery, token: string, nowMs: () => number): Promise<Remote> {
  const pool = new Pool(discovery.socket === null ? discovery.url : 'http://localhost', {
    connections: 8,
    headersTimeout: ANSWER_TIMEOUT_MS,
    bodyTimeout: 0,
    ...(discovery.socket === null ? {} : { connect: { socketPath: discovery.socket } }),
  });
  const authorization = `Bearer ${token}`;

  async function request(options: Omit<Dispatcher.RequestOptions, 'origin'>): Promise<Dispatcher.ResponseData> {
    let response: Dispatcher.ResponseData;
    try {
      response = await pool.request({ ...options, headers: { authorization, ...(options.headers as object) } });
    } catch (error) {
      if ((error as { code?: string }).code !== 'UND_ERR_HEADERS_TIMEOUT') {
        throw new DaemonGone('The daemon is gone', { cause: error });
      }
      throw new VitalsError('unavailable', 'The daemon does not answer', { cause: error });
    }
    if (response.statusCode !== 200) throw await failureOf(response);
    return response;
  }

  async function readAll<T>(read: Promise<T>): Promise<T> {
    try {
      return await read;
    } catch (error) {
      if (error instanceof VitalsError) throw error;
      throw new DaemonGone('The daemon ended while it answered', { cause: error });
    }
  }

  let gone: Promise<void>;
  try {
    const presence = await request({ method: 'GET', path: '/api/v1/presence' });
    gone = new Promise((resolve) => {
      presence.body
        .on('close', resolve)
        .on('error', () => resolve())
        .resume();
    });
  } catch (error) {
    await pool.destroy();
    throw error;
  }

  return {
    async callTool(name, args, { client, workspace }, control = {}) {
      const headers = { 'x-mcp-vitals-client': client };
      const response = await request({
        method: 'POST',
        path: pathWithin(`/api/v1/tools/${encodeURIComponent(name)}`, workspace),
        headers: { ...headers, 'content-type': 'application/json', accept: `${NDJSON}, application/json` },
        body: JSON.stringify(args ?? {}),
      });
      // A daemon of before does not stream.
      if (response.headers['content-type'] !== NDJSON) return (await readAll(response.body.json())) as CallToolResult;
      const cancel = (id: string) => {
        // One that has ended meanwhile needs no end.
        request({ method: 'DELETE', path: `/api/v1/calls/${id}`, headers }).then(
          ({ body }) => body.dump(),
          () => {},
        );
      };
      return readAll(readStreamedAnswer(response.body, control, cancel));
    },
    async sendBatch(body) {
      const headers = { 'content-type': BATCH_CONTENT_TYPE, [SENT_AT_HEADER]: String(nowMs()) };
      const response = await request({ method: 'POST', path: '/v1/batches', headers, body });
      await readAll(response.body.dump());
    },
    gone,
    close: () => pool.destroy(),
  };
}
