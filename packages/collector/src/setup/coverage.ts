/** Which of the servers that clients start are monitored. Counted are those that could be: not the collector, none that is disabled or remote. */
import type { ClientConfig } from './clients.ts';
import type { ConfiguredServer, Monitoring } from './serverEntry.ts';
import { isSwitchedOff } from './wrapping.ts';

export interface CoveredServer extends Pick<ConfiguredServer, 'name' | 'monitoring'> {
  /** The file that configures it. */
  path: string;
}

export interface Coverage {
  servers: readonly CoveredServer[];
  monitored: number;
  /** 0 to 1; undefined when nothing could be monitored. */
  share: number | undefined;
}

export function coverageOf(clients: readonly ClientConfig[]): Coverage {
  const servers = clients.flatMap(({ path, servers }) =>
    servers.filter(isCounted).map((server) => ({ name: server.name, monitoring: effectiveMonitoring(server), path })),
  );
  const monitored = servers.filter(({ monitoring }) => monitoring !== 'not').length;
  return { servers, monitored, share: servers.length === 0 ? undefined : monitored / servers.length };
}

/** How a server is monitored when it runs: one that is set up and switched off is not. */
export function effectiveMonitoring(server: ConfiguredServer): Monitoring {
  return isSwitchedOff(server) ? 'not' : server.monitoring;
}

function isCounted({ monitoring, disabled }: ConfiguredServer): boolean {
  return !disabled && monitoring !== 'collector' && monitoring !== 'remote';
}
