/** A scraper that keeps its connection open, as Prometheus does. */
import { Agent, request } from 'node:http';
import { createServer } from 'node:net';

export class Scraper {
  readonly #agent = new Agent({ keepAlive: true });

  constructor(readonly port: number) {}

  static async onFreePort(): Promise<Scraper> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    await new Promise((resolve) => server.close(resolve));
    return new Scraper(port);
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
