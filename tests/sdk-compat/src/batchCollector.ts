/** A collector that keeps what it is sent: decodes, deduplicates and acknowledges like the real one, and can be bad on purpose. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type Batch,
  decodeBatch,
  OUTCOMES,
  type Outcome,
  type Policy,
  type SeriesKind,
  type Window,
} from '@mcp-vitals/wire/decode';

/** Answers a request instead of the collector. */
export type Misbehaviour = (request: IncomingMessage, response: ServerResponse) => void;

export class BatchCollector {
  readonly batches: Batch[] = [];
  readonly requests: { authorization: string | undefined; sentAt: string | undefined }[] = [];
  misbehaviour: Misbehaviour | undefined;
  /** What it asks of servers. */
  policies: Policy[] = [];
  /** How long it keeps a confirmation to itself. */
  confirmationDelayMs = 0;
  readonly #seen = new Set<string>();
  readonly #server: Server = createServer((request, response) => void this.#receive(request, response));

  /** @param port 0 for any free one */
  async listen(port = 0): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(port, '127.0.0.1', resolve));
    return this.url;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  windowsOf(serverName: string, wanted: SeriesKind = 'tool'): Window[] {
    return this.batches.flatMap(({ windows, servers }) =>
      windows.filter(({ server, kind }) => servers[server]?.name === serverName && kind === wanted),
    );
  }

  /** Calls per name and outcome, e.g. `{ add: { ok: 2 } }`. */
  outcomesOf(serverName: string, kind: SeriesKind = 'tool'): Record<string, Partial<Record<Outcome, number>>> {
    const totals: Record<string, Partial<Record<Outcome, number>>> = {};
    for (const { name, outcomes } of this.windowsOf(serverName, kind)) {
      totals[name] ??= {};
      const total = totals[name];
      OUTCOMES.forEach((outcome, index) => {
        if (outcomes[index]! > 0) total[outcome] = (total[outcome] ?? 0) + outcomes[index]!;
      });
    }
    return totals;
  }

  async #receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { authorization } = request.headers;
    this.requests.push({ authorization, sentAt: request.headers['x-mcp-vitals-sent-at'] as string | undefined });
    if (this.misbehaviour) return this.misbehaviour(request, response);
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const batch = decodeBatch(Buffer.concat(chunks));
    const id = `${batch.instance}/${batch.seq}`;
    const duplicate = this.#seen.has(id);
    this.#seen.add(id);
    if (!duplicate) this.batches.push(batch);
    if (this.confirmationDelayMs > 0) await sleep(this.confirmationDelayMs);
    response.setHeader('content-type', 'application/json');
    const { policies } = this;
    response.end(JSON.stringify({ accepted: true, duplicate, ...(policies.length > 0 && { policies }) }));
  }
}
