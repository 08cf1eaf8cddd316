/** What may become of a collector while a server runs. */
import type { BatchCollector, Misbehaviour } from '../../sdk-compat/src/batchCollector.ts';

export interface CollectorState {
  /** Before the server starts; the collector listens already. */
  prepare?(collector: BatchCollector): void | Promise<void>;
  /** After the calls, before the server's end. */
  beforeEnd?(collector: BatchCollector): void | Promise<void>;
}

let lies = 0;
const LIES: readonly Misbehaviour[] = [
  (_request, response) => response.end('{"accepted":true,"duplicate":false}'),
  (_request, response) => response.writeHead(500).end('{"accepted":true}'),
  (_request, response) => response.writeHead(307, { location: '/v1/batches' }).end(),
  (_request, response) => response.end(Buffer.alloc(5_000_000, '<')),
  (request) => request.socket.end('HTTP/1.1 999 no\r\ncontent-length: -1\r\n\r\n\u0000'),
  (request) => request.socket.destroy(),
];

function lie(...[request, response]: Parameters<Misbehaviour>): void {
  lies += 1;
  LIES[lies % LIES.length]!(request, response);
}

/** Longer than a server waits at its end. */
const SLOW_MS = 400;

export const COLLECTOR_STATES = {
  up: {},
  down: { prepare: (collector) => collector.close() },
  slow: {
    prepare(collector) {
      collector.confirmationDelayMs = SLOW_MS;
    },
  },
  'comes back': {
    async prepare(collector) {
      comingBack.set(collector, collector.port);
      await collector.close();
    },
    async beforeEnd(collector) {
      await collector.listen(comingBack.get(collector));
    },
  },
  lies: {
    prepare(collector) {
      collector.misbehaviour = lie;
    },
  },
} as const satisfies Record<string, CollectorState>;

const comingBack = new WeakMap<BatchCollector, number>();

export type CollectorStateName = keyof typeof COLLECTOR_STATES;
