/** Calls and errors by server and tool: counted by a client while it calls, and as the collector tells them. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@modelcontextprotocol/client';
import { connectStdio } from './connect.ts';

export interface ToolCounts {
  calls: number;
  errors: number;
}

export type CountsByServer = Map<string, Map<string, ToolCounts>>;

export class CallCounts {
  readonly byServer: CountsByServer = new Map();
  calls = 0;
  errors = 0;

  add(server: string, tool: string, failed: boolean): void {
    const tools = this.byServer.get(server) ?? new Map<string, ToolCounts>();
    this.byServer.set(server, tools);
    const { calls, errors } = tools.get(tool) ?? { calls: 0, errors: 0 };
    tools.set(tool, { calls: calls + 1, errors: errors + Number(failed) });
    this.calls += 1;
    this.errors += Number(failed);
  }
}

const COUNTED_WITHIN_MS = 10_000;
const POLL_MS = 250;

/** What the collector tells about a span, once it has counted at least `calls` calls or ten seconds have passed. */
export async function readCounts(
  collector: { command(...args: string[]): [string, ...string[]]; env: Record<string, string> },
  span: { fromMs: number; calls: number },
): Promise<CountsByServer> {
  const [command, ...args] = collector.command('stdio');
  const client = await connectStdio({ command, args, env: collector.env });
  try {
    return await waitForCounts(client, span);
  } finally {
    await client.close();
  }
}

/** The same with a client that is connected to the collector already. */
export async function waitForCounts(client: Client, span: { fromMs: number; calls: number }): Promise<CountsByServer> {
  const deadline = performance.now() + COUNTED_WITHIN_MS;
  for (;;) {
    const counts = await reportedCounts(client, span.fromMs);
    if (totalCalls(counts) >= span.calls || performance.now() > deadline) return counts;
    await sleep(POLL_MS);
  }
}

export function totalCalls(counts: CountsByServer): number {
  let calls = 0;
  for (const tools of counts.values()) for (const counted of tools.values()) calls += counted.calls;
  return calls;
}

interface ReportedTool extends ToolCounts {
  server: string;
  tool: string;
}

async function reportedCounts(client: Client, fromMs: number): Promise<CountsByServer> {
  const range = { startTime: new Date(fromMs).toISOString(), endTime: new Date(Date.now() + 1000).toISOString() };
  const answer = await client.callTool({
    name: 'generate_performance_report',
    arguments: { ...range, format: 'json' },
  });
  const { report } = answer.structuredContent as { report: string };
  const { tools } = JSON.parse(report) as { tools: ReportedTool[] };
  const byServer: CountsByServer = new Map();
  for (const { server, tool, calls, errors } of tools) {
    byServer.set(server, (byServer.get(server) ?? new Map()).set(tool, { calls, errors }));
  }
  return byServer;
}
