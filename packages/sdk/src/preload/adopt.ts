/**
 * Makes the map of request handlers of a protocol instance, and has the instance monitored once it has to answer: clients
 * have such a map too, and a server that only starts should start as fast as ever. The SDK proper is loaded in that
 * moment and not before; after the greeting of a client, of which nobody needs the time, not even in the way of that.
 */

type Handlers = Map<string, unknown>;

/** Only servers answer these. */
const SERVER_METHODS: ReadonlySet<string> = new Set(['initialize', 'server/discover', 'tools/call', 'tools/list']);

const GREETING = 'initialize';

/** @param monitor has a server monitored; must not throw */
export function createAdopt(monitor: (server: object) => void): (owner: object) => Handlers {
  return (owner) => {
    const handlers: Handlers = new Map();
    let isAdopted = true;
    /** From here on the map is an ordinary one, which `monitor` treats like any other. */
    const handOver = () => {
      if (!isAdopted) return;
      isAdopted = false;
      Reflect.deleteProperty(handlers, 'get');
      monitor(owner);
    };
    const get = function (this: Handlers, method: string): unknown {
      if (isServer(this)) {
        if (method === GREETING) setImmediate(handOver);
        else handOver();
      }
      return Map.prototype.get.call(this, method);
    };
    Object.defineProperty(handlers, 'get', { value: get, writable: true, configurable: true, enumerable: false });
    return handlers;
  };
}

function isServer(handlers: Handlers): boolean {
  for (const method of SERVER_METHODS) if (handlers.has(method)) return true;
  return false;
}
