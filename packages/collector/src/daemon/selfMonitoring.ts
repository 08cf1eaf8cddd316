/**
 * The collector's own MCP server, monitored like any other: it appears as `mcp-vitals` among the servers it watches.
 * The SDK finds the daemon through the data directory, so an attached process reports to the one it is attached to.
 */
import { withMonitoring } from '@mcp-vitals/sdk';
import type { Server } from '@modelcontextprotocol/server';
import type { Clock } from '../clock.ts';
import type { Config } from '../config/schema.ts';
import { createMcpServer } from '../serve/mcp.ts';
import { TaskRuns } from '../serve/tasks/taskRuns.ts';
import type { ToolBackend, ToolCaller } from '../serve/toolBackend.ts';
import { VERSION } from '../version.ts';

/** Makes monitored MCP servers around one backend. */
export function createServerFactory(
  { dataDir, toolsets }: Pick<Config, 'dataDir' | 'toolsets'>,
  backend: ToolBackend,
  clock: Pick<Clock, 'nowMs'>,
  onError: (error: unknown) => void,
): (caller: ToolCaller) => Server {
  // The collector has /metrics of its own.
  const options = { dataDir, prometheus: false } as const;
  // The tools that can take long are in toolsets beyond the default.
  const tasks = toolsets.length === 0 ? undefined : new TaskRuns(clock);
  const deps = { backend, version: VERSION, toolsets, tasks, nowMs: clock.nowMs, onError };
  return (caller) => withMonitoring(createMcpServer({ ...deps, caller }), options);
}
