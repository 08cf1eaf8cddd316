/** Asks the dependency over real connections, some at most or as many as it takes. */
import { once } from 'node:events';
import { Agent, get, type IncomingMessage } from 'node:http';

/** @param connections at most; the others wait until one is free */
export function createAsk(url: string, connections = Number.POSITIVE_INFINITY): () => Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  return async () => {
    const [response] = (await once(get(url, { agent }), 'response')) as [IncomingMessage];
    response.resume();
    await once(response, 'end');
  };
}
