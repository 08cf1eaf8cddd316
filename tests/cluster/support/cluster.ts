/** Several built collectors on one database, each a process of its own with a data directory of its own. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ConfigInput } from '../../../packages/collector/src/config/schema.ts';
import { type Collector, startCollector, temporaryDataDir } from '../../e2e/support/collector.ts';

/** Behind one load balancer all collectors know the same tokens. */
export const TOKENS = {
  ingest: 'ingest-token-of-all',
  read: 'read-token-of-all',
  admin: 'admin-token-of-all',
} as const;

export interface Member {
  /** Undefined while it does not run. */
  collector: Collector | undefined;
  start(): Promise<Collector>;
  kill(): Promise<void>;
}

export interface Cluster {
  readonly members: readonly Member[];
  /** Ports of those that run. */
  ports(): number[];
  stop(): Promise<void>;
}

export interface ClusterOptions {
  size: number;
  /** `postgres://...` */
  store: string;
  settings?: Omit<ConfigInput, 'dataDir'>;
}

export async function startCluster({ size, store, settings = {} }: ClusterOptions): Promise<Cluster> {
  const dirs = Array.from({ length: size }, () => temporaryDataDir());
  const members = dirs.map(({ dataDir }): Member => {
    mkdirSync(join(dataDir, 'tokens'), { mode: 0o700 });
    for (const [scope, token] of Object.entries(TOKENS)) {
      writeFileSync(join(dataDir, 'tokens', scope), token, { mode: 0o600 });
    }
    writeFileSync(join(dataDir, 'config.json'), JSON.stringify({ ...settings, store, socket: false }), { mode: 0o600 });
    return {
      collector: undefined,
      async start() {
        this.collector = await startCollector(dataDir);
        return this.collector;
      },
      async kill() {
        const { collector } = this;
        this.collector = undefined;
        await collector?.kill();
      },
    };
  });
  await Promise.all(members.map((member) => member.start()));
  return {
    members,
    ports: () => members.flatMap(({ collector }) => (collector ? [Number(new URL(collector.url).port)] : [])),
    async stop() {
      await Promise.all(members.map(({ collector }) => collector?.stop()));
      for (const { remove } of dirs) remove();
    },
  };
}
