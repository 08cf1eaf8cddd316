/** Where a run is made: durations of different machines do not compare. */
import { cpus, loadavg } from 'node:os';
import type { Environment } from './baseline.ts';
import type { ServerAddress } from './connect/openServer.ts';

/** To be asked at the end of a run: how busy the machine is, is told of the last minute. */
export function environmentOf(address: ServerAddress): Environment {
  const processors = cpus();
  return {
    node: process.versions.node,
    platform: process.platform,
    arch: process.arch,
    cpu: processors[0]?.model.trim() ?? 'unknown',
    cpus: processors.length,
    busyProcesses: loadavg()[0]!,
    transport: 'command' in address ? 'stdio' : 'http',
  };
}
