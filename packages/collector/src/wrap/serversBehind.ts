/**
 * The server or servers behind a proxy and what is known of them: the monitor of each, and which tools it lists. Who a
 * server is stands in its answers only, so a conversation begins without knowing.
 */
import type { ServerMonitor } from '@mcp-vitals/sdk';
import type { ServerInfo } from './messageHead.ts';

/** The monitor of a server; of one that has not said who it is for undefined. */
export type MonitorOf = (info: ServerInfo | undefined) => ServerMonitor;

/** More names than a server can have series are not kept. */
const MAX_LISTED_TOOLS = 1_000;

/** More servers than these behind one proxy share the monitor of the one without a name. */
const MAX_SERVERS = 100;

export class ServerBehind {
  #listed = new Set<string>();

  constructor(readonly monitor: ServerMonitor) {}

  /**
   * The server has answered `tools/list`.
   * @param isContinued whether these come on top of those listed before, as further pages do
   */
  learnTools(names: readonly string[], isContinued: boolean): void {
    if (!isContinued) this.#listed = new Set();
    for (const name of names) if (this.#listed.size < MAX_LISTED_TOOLS) this.#listed.add(name);
    this.monitor.learnTools(this.#listed);
  }
}

/** Shared by all conversations through one proxy. */
export class ServersBehind {
  readonly #byInfo = new Map<string, ServerBehind>();
  readonly #monitorOf: MonitorOf;
  #unnamed: ServerBehind | undefined;
  #newest: ServerBehind | undefined;

  constructor(monitorOf: MonitorOf) {
    this.#monitorOf = monitorOf;
  }

  /** The one that answers with this name and version. */
  named(info: ServerInfo): ServerBehind {
    const key = JSON.stringify([info.name, info.version]);
    let server = this.#byInfo.get(key);
    if (server === undefined) {
      if (this.#byInfo.size >= MAX_SERVERS) return this.unnamed();
      server = new ServerBehind(this.#monitorOf(info));
      this.#byInfo.set(key, server);
    }
    this.#newest = server;
    return server;
  }

  /** The one that identified itself last, in whichever conversation. */
  get newest(): ServerBehind | undefined {
    return this.#newest;
  }

  unnamed(): ServerBehind {
    this.#unnamed ??= new ServerBehind(this.#monitorOf(undefined));
    return this.#unnamed;
  }
}
