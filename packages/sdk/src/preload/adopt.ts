/**
 * Makes the map of request handlers of a protocol instance, and has the instance monitored once it has to answer: clients
 * have such a map too, and a server that only starts should start as fast as ever. The SDK proper is loaded in that
 * moment and not before; after the first greeting of a client, of which nobody needs the time, not even in the way of that.
 */

type Handlers = Map<string, unknown>;

export type Adopt = (owner: unknown) => Handlers;

/** Only servers answer these. */
const SERVER_METHODS = ['initialize', 'server/discover', 'tools/call', 'tools/list'] as const;

const GREETING = 'initialize';

/** @param monitor has a server monitored; must not throw */
export function createAdopt(monitor: (server: object) => void): Adopt {
  let hasMonitored = false;
  return (owner) => {
    const handlers: Handlers = new Map();
    if (typeof owner !== 'object' || owner === null) return handlers;
    let isWatched = true;
    /** From here on the map is an ordinary one, which `monitor` treats like any other. */
    const handOver = () => {
      if (!isWatched) return;
      isWatched = false;
      Reflect.deleteProperty(handlers, 'get');
      // Somebody else's class may have used the map for something else.
      if ((owner as { _requestHandlers?: unknown })._requestHandlers !== handlers) return;
      hasMonitored = true;
      monitor(owner);
    };
    const get = function (this: Handlers, method: string): unknown {
      if (SERVER_METHODS.some((name) => Map.prototype.has.call(handlers, name))) {
        if (method === GREETING && !hasMonitored) setImmediate(handOver);
        else handOver();
      }
      return Map.prototype.get.call(this, method);
    };
    Object.defineProperty(handlers, 'get', { value: get, writable: true, configurable: true, enumerable: false });
    return handlers;
  };
}
