/**
 * Tool calls over HTTP that take their time: who accepts `application/x-ndjson` gets a line at once, a line for each report of
 * progress, and a last one with the answer, so that no timeout of theirs ends the call.
 *
 *     {"call":"ID"}                     for DELETE /api/v1/calls/ID, which ends it with what it has
 *     {"progress":{"progress":3,...}}
 *     {"result":{...}}                  or {"error":{"error":CODE,"message":...,"hint":...}}
 */
import { randomUUID } from 'node:crypto';
import type { CallToolResult } from '@modelcontextprotocol/server';
import { VitalsError } from '../errors.ts';
import type { CallControl, ToolCaller, ToolProgress } from './toolBackend.ts';

export const NDJSON = 'application/x-ndjson';

export type CallLine =
  | { call: string }
  | { progress: ToolProgress }
  | { result: CallToolResult }
  | { error: { error: string; message: string; hint?: string | undefined } };

export function acceptsNdjson(accept: string | undefined): boolean {
  return accept?.toLowerCase().includes(NDJSON) ?? false;
}

interface OpenCall {
  client: string;
  cancelling: AbortController;
}

export class StreamedCalls {
  readonly #open = new Map<string, OpenCall>();

  /** @param onError told of failures that are ours */
  constructor(private readonly onError: (error: unknown) => void) {}

  /** Answers at once, and goes on until `run` has answered; a reader that goes away cancels it. */
  start({ client }: ToolCaller, run: (control: CallControl) => Promise<CallToolResult>): Response {
    const id = randomUUID();
    const cancelling = new AbortController();
    this.#open.set(id, { client, cancelling });
    const encoder = new TextEncoder();
    let cancelled = false;
    const body = new ReadableStream<Uint8Array>({
      start: (stream) => {
        const write = (line: CallLine) => {
          // Nobody reads what is written after the reader has gone.
          if (!cancelled) stream.enqueue(encoder.encode(`${JSON.stringify(line)}\n`));
        };
        write({ call: id });
        const control: CallControl = { signal: cancelling.signal, onProgress: (progress) => write({ progress }) };
        void this.#lastLine(run(control)).then((line) => {
          this.#open.delete(id);
          write(line);
          if (!cancelled) stream.close();
        });
      },
      cancel: () => {
        cancelled = true;
        cancelling.abort();
      },
    });
    return new Response(body, { headers: { 'content-type': NDJSON } });
  }

  /** Ends a call of the same caller. @throws VitalsError `not_found` */
  cancel(id: string, { client }: ToolCaller): void {
    const call = this.#open.get(id);
    if (call === undefined || call.client !== client) {
      throw new VitalsError('not_found', 'There is no such call', { hint: 'It may have ended.' });
    }
    call.cancelling.abort();
  }

  async #lastLine(answering: Promise<CallToolResult>): Promise<CallLine> {
    try {
      return { result: await answering };
    } catch (error) {
      const known = error instanceof VitalsError ? error : undefined;
      if (known === undefined || known.code === 'internal') this.onError(error);
      const shown = known ?? new VitalsError('internal', 'The collector failed; its log says why');
      return { error: { error: shown.code, message: shown.message, hint: shown.hint } };
    }
  }
}
