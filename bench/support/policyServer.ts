/** Answers batches as a collector does that has a policy for a server, and keeps what it was told. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Batch, decodeBatch, type Policy } from '@mcp-vitals/wire/decode';

export class PolicyServer {
  policies: Policy[] = [];
  newest: Batch | undefined;
  readonly #server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      this.newest = decodeBatch(Buffer.concat(chunks));
      const { policies } = this;
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ accepted: true, duplicate: false, ...(policies.length > 0 && { policies }) }));
    });
  });

  /** Resolves with its URL. */
  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}
