/** `createMonitor()`: the API below `withMonitoring`, for servers with a dispatch of their own and for proxies. */

import { MonitorOfServer } from './monitorOfServer.ts';
import type { MonitoringOptions } from './options.ts';
import { monitorOfProcess, processState } from './processState.ts';
import type { ProcessUsage } from './resource/usage.ts';
import { type ServerMonitor, SWITCHED_OFF } from './serverMonitor.ts';

export interface CreateMonitorOptions extends Omit<MonitoringOptions, 'controls'> {
  /** What another process uses, for a proxy that reports the process behind it. Counts when it is the first of a process. */
  usage?: ProcessUsage | undefined;
  /** Is told of problems, each kind once, instead of stderr. Counts when it is the first of a process. */
  onProblem?: ((message: string) => void) | undefined;
}

/**
 * A monitor for the server that `serverName` and `serverVersion` name. As with `withMonitoring`, all servers of a process
 * share one sender, and options that belong to the process are those of the first. Never throws; where monitoring is
 * switched off, what is returned does nothing but run what it is given.
 */
export function createMonitor(options: CreateMonitorOptions = {}): ServerMonitor {
  const { usage, onProblem, ...monitoring } = options;
  try {
    if (onProblem !== undefined && processState().monitor === undefined) processState().diagnostics.tell = onProblem;
    const monitor = monitorOfProcess(monitoring, usage);
    if (monitor === undefined) return SWITCHED_OFF;
    const name = options.serverName || monitor.options.serverName || 'unnamed';
    const version = options.serverVersion || monitor.options.serverVersion || '';
    const ofServer = new MonitorOfServer(monitor, monitor.serverFor(String(name), String(version)));
    processState().first ??= ofServer;
    return ofServer;
  } catch (error) {
    processState().diagnostics.warnOnce('setting up failed', `monitoring could not be set up: ${String(error)}`);
    return SWITCHED_OFF;
  }
}
