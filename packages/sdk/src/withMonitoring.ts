/** `withMonitoring(server)`: the one line that a server's author writes. */

import { systemClock } from './clock.ts';
import { callKey } from './control/callKey.ts';
import { refusalCodeOf } from './control/refusal.ts';
import { controlCalls } from './instrument/controlCalls.ts';
import type { FoundServer, RequestHandler } from './instrument/dispatch.ts';
import { findServer, interceptRequests } from './instrument/dispatch.ts';
import { listReader } from './instrument/listedNames.ts';
import { watchQuestions } from './instrument/questions.ts';
import { timeRequests } from './instrument/requests.ts';
import { namingOf } from './instrument/seriesNames.ts';
import { learnHints, ToolHints } from './instrument/toolHints.ts';
import type { Monitor } from './monitor.ts';
import { MonitorOfServer } from './monitorOfServer.ts';
import type { MonitoringOptions } from './options.ts';
import { isSwitchedOff, resolveOptions } from './options.ts';
import { monitorOfProcess, processState } from './processState.ts';
import { Chain } from './record/chain.ts';
import type { ServerMonitor } from './serverMonitor.ts';
import type { MonitoredServer } from './window/series.ts';

/**
 * Times every request to `server`, tool calls above all, and sends the figures to the collector. Accepts `McpServer` and `Server` of
 * `@modelcontextprotocol/sdk` (from 1.10) and of `@modelcontextprotocol/server`, before or after tools are registered.
 *
 * Returns the same server, which behaves as before. Never throws: what is not a server comes back as it is, with a
 * line on stderr. Calling it twice for a server changes nothing.
 */
export function withMonitoring<Server extends object>(server: Server, options: MonitoringOptions = {}): Server {
  if (isSwitchedOff(process.env)) return server;
  try {
    const found = findServer(server);
    if (found) watch(found, options);
    else warn('unknown server', 'withMonitoring was given something that is not an MCP server; it is not monitored');
  } catch (error) {
    warn('wrapping failed', `monitoring could not be set up: ${String(error)}`);
  }
  return server;
}

/**
 * The monitor of a server that was given to `withMonitoring`, or of the first one: for measurements of your own, and for
 * how monitoring is doing. Undefined for a server that is not monitored, and when monitoring is switched off.
 */
export function getMonitor(server?: object): ServerMonitor | undefined {
  const { monitors, first } = processState();
  if (server === undefined) return first;
  const handlers = findServer(server)?.handlers;
  return handlers && monitors.get(handlers);
}

function watch(found: FoundServer, options: MonitoringOptions): void {
  const state = processState();
  if (state.monitors.has(found.handlers)) return;
  const monitor = monitorOfProcess(options);
  if (!monitor) return;
  const ofServer = new MonitorOfServer(monitor, instrument(found, monitor, options));
  state.monitors.set(found.handlers, ofServer);
  state.first ??= ofServer;
}

/** Joins one server to a monitor. */
export function instrument(found: FoundServer, monitor: Monitor, options: MonitoringOptions): MonitoredServer {
  const name = nonEmpty(options.serverName) ?? monitor.options.serverName ?? (found.name || 'unnamed');
  const version = nonEmpty(options.serverVersion) ?? monitor.options.serverVersion ?? found.version;
  const server = monitor.serverFor(name, version);
  const { recorder } = monitor;
  const { errorMessages, resultBytes, requests } = monitor.options;
  const chain = new Chain();
  const control = controlsFor(found, server, monitor, options);
  interceptRequests(found.handlers, (method, handler) => {
    const original = control === undefined ? handler : control(method, handler);
    if (requests === 'tools' && method !== 'tools/call') return original;
    const { kind, nameOf, knows } = namingOf(method, found.given);
    return timeRequests(original, {
      group: recorder.group(server, kind),
      recorder,
      owner: found.lowLevel,
      nameOf,
      knows,
      chain: kind === 'tool' ? chain : undefined,
      readAnswer: listReader(method, server, recorder),
      nowMs: systemClock.nowMs,
      refusalCodeOf: control && refusalCodeOf,
      errorMessages,
      resultBytes: resultBytes && kind === 'tool',
    });
  });
  watchQuestions(found.lowLevel, recorder.inFlight, monitor.clock);
  return server;
}

/** What leads the requests of a server through its controls; undefined where its author permits none. */
function controlsFor(
  found: FoundServer,
  server: MonitoredServer,
  monitor: Monitor,
  { controls: permitted }: MonitoringOptions,
): ((method: string, original: RequestHandler) => RequestHandler) | undefined {
  if (permitted === undefined) return undefined;
  const warnHere = (kind: string, message: string) => monitor.diagnostics.warnOnce(kind, message);
  const permissions = resolveOptions({ controls: permitted }, {}, warnHere).controls;
  const controls = permissions && monitor.controls.permit(server, permissions);
  if (controls === undefined) return undefined;
  const { lowLevel: owner, given } = found;
  const hints = new ToolHints();
  return (method, original) => {
    if (method === 'tools/list') return learnHints(original, hints);
    if (method !== 'tools/call') return original;
    const { nameOf, knows: registers } = namingOf(method, given);
    const knows = (tool: string) => registers?.(tool) ?? hints.lists(tool);
    return controlCalls(original, { controls, server: given, owner, nameOf, knows, hints, digest: callKey });
  };
}

function nonEmpty(text: unknown): string | undefined {
  return typeof text === 'string' && text !== '' ? text : undefined;
}

function warn(kind: string, message: string): void {
  processState().diagnostics.warnOnce(kind, message);
}
