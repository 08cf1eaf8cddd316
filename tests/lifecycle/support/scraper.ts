/** A scraper that keeps its connection open, as Prometheus does. */
import { Agent, request } from 'node:http';
import { freePort } from '../../../packages/collector/src/testing/freePort.ts';

export class Scraper {
  readonly #agent = new Agent({ keepAlive: true });

  constructor(readonly port: number) {}

  static async onFreePort(): Promise<Scraper> {
    return new Scraper(await freePort());
  }

  /** Tool calls by status; undefined while nobody listens. */
  calls(): Promise<{ success: number; error: number } | undefined> {
    return new Promise((resolve) => {
      const asked = request(
        { host: '127.0.0.1', port: this.port, path: '/metrics', agent: this.#agent },
        (response) => {
          let text = '';
          response.on('data', (chunk: Buffer) => {
            text += chunk.toString();
          });
          response.on('end', () => resolve({ success: total(text, 'success'), error: total(text, 'error') }));
        },
      );
      asked.on('error', () => resolve(undefined)).end();
    });
  }

  /** Connections that it has open. */
  get connections(): number {
    return Object.values(this.#agent.freeSockets).flat().length;
  }

  close(): void {
    this.#agent.destroy();
  }
}

function total(text: string, status: string): number {
  const lines = text.matchAll(new RegExp(`^mcp_tool_requests_total\\{status="${status}".*\\} (\\d+)$`, 'gm'));
  return [...lines].reduce((sum, [, value]) => sum + Number(value), 0);
}
