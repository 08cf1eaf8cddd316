/** A receiver of notifications that counts how often each came. */
import { createServer } from 'node:http';

export interface Delivered {
  times: number;
  change: string;
  server: string;
  tool: string;
  condition: string;
}

export interface Webhook {
  readonly url: string;
  /** Deliveries by idempotency key. */
  readonly received: ReadonlyMap<string, Delivered>;
  close(): Promise<void>;
}

export async function startWebhook(): Promise<Webhook> {
  const received = new Map<string, Delivered>();
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    const key = String(request.headers['idempotency-key']);
    const json = JSON.parse(body) as { change?: string; alert?: { server: string; tool: string; condition: string } };
    const known = received.get(key);
    if (known) known.times += 1;
    else
      received.set(key, {
        times: 1,
        change: json.change ?? '',
        server: json.alert?.server ?? '',
        tool: json.alert?.tool ?? '',
        condition: json.alert?.condition ?? '',
      });
    response.end();
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  return {
    url: `http://127.0.0.1:${port}/`,
    received,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => void server.close(resolve));
    },
  };
}
