/**
 * What stands before several collectors: each connection goes to the next one that accepts it. It knows nothing of what it
 * passes on, and nobody tells it who lives.
 */
import { connect, createServer, type Socket } from 'node:net';

export interface LoadBalancer {
  readonly url: string;
  close(): Promise<void>;
}

/** @param ports asked for with each connection: those of the collectors there are */
export async function startLoadBalancer(ports: () => readonly number[]): Promise<LoadBalancer> {
  let turn = 0;
  const open = new Set<Socket>();
  const track = (socket: Socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
    // Its peer is told by the end of the connection.
    socket.on('error', () => socket.destroy());
  };
  const server = createServer({ pauseOnConnect: true }, async (client) => {
    track(client);
    const backends = ports();
    for (let tried = 0; tried < backends.length; tried++) {
      const backend = await tryConnect(backends[turn++ % backends.length]!);
      if (backend === undefined) continue;
      track(backend);
      client.pipe(backend).pipe(client);
      client.once('close', () => backend.destroy());
      backend.once('close', () => client.destroy());
      return;
    }
    client.destroy();
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  return {
    url: `http://127.0.0.1:${port}`,
    async close() {
      for (const socket of open) socket.destroy();
      await new Promise((resolve) => void server.close(resolve));
    },
  };
}

function tryConnect(port: number): Promise<Socket | undefined> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => resolve(socket));
    socket.once('error', () => resolve(undefined));
  });
}
