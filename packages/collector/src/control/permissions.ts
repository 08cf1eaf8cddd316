/** What the processes of a server permit, and which policy each of them has in force, as their batches say. */
import type { Batch, Control } from '@mcp-vitals/wire/decode';
import type { ControlledInstance } from '../serve/ports/optimizations.ts';
import type { Store } from '../store/store.ts';

/** A process that sent nothing for this long is gone. */
const LIVE_MS = 120_000;
/** Other collectors are told anew this often, and believe it for twice as long. */
const TELL_EVERY_MS = 300_000;

const KIND = 'permission';

interface ToldPermission {
  server: string;
  permitted: Control[];
  atMs: number;
}

export class Permissions {
  readonly #byServer = new Map<string, Map<string, ControlledInstance>>();
  /** What other collectors were told, by server. */
  readonly #told = new Map<string, ToldPermission>();

  constructor(private readonly store: Pick<Store, 'readItems' | 'saveItems'>) {}

  observe({ instance, servers, controls = [] }: Batch, nowMs: number): void {
    for (const { server, permitted, version } of controls) {
      const { name } = servers[server]!;
      const instances = this.#byServer.get(name) ?? new Map<string, ControlledInstance>();
      this.#byServer.set(name, instances);
      instances.set(instance, { instance, permitted, version, lastSeenMs: nowMs });
    }
  }

  /** Processes that live and have sent their batches here. */
  instances(server: string, nowMs: number): ControlledInstance[] {
    return [...(this.#byServer.get(server)?.values() ?? [])].filter(({ lastSeenMs }) => lastSeenMs > nowMs - LIVE_MS);
  }

  /** What every process permits that permits anything; where none reports here, what other collectors have told. */
  async of(server: string, nowMs: number): Promise<Control[]> {
    const here = this.#here(server, nowMs);
    if (here !== undefined) return here;
    const [item] = await this.store.readItems(KIND, [server]);
    const told = item?.value as ToldPermission | undefined;
    return told !== undefined && told.atMs > nowMs - 2 * TELL_EVERY_MS ? told.permitted : [];
  }

  /** Tells other collectors what has changed, and forgets processes that are gone. */
  async tell(nowMs: number): Promise<void> {
    for (const [server, instances] of this.#byServer) {
      for (const [id, { lastSeenMs }] of instances) if (lastSeenMs <= nowMs - LIVE_MS) instances.delete(id);
      if (instances.size === 0) this.#byServer.delete(server);
      const permitted = this.#here(server, nowMs);
      const told = this.#told.get(server);
      if (permitted === undefined || isStillTrue(told, permitted, nowMs)) continue;
      const value: ToldPermission = { server, permitted, atMs: nowMs };
      await this.store.saveItems(KIND, [{ key: server, value, server }]);
      this.#told.set(server, value);
    }
  }

  #here(server: string, nowMs: number): Control[] | undefined {
    const [first, ...others] = this.instances(server, nowMs);
    return first?.permitted.filter((control) => others.every(({ permitted }) => permitted.includes(control)));
  }
}

function isStillTrue(told: ToldPermission | undefined, permitted: readonly Control[], nowMs: number): boolean {
  return told !== undefined && told.atMs > nowMs - TELL_EVERY_MS && told.permitted.join() === permitted.join();
}
