/**
 * Where a tool call is answered. In the daemon that is the tools themselves; in a process that is attached to it, the
 * daemon. The MCP server and the JSON API know only this.
 */
import type { CallToolResult } from '@modelcontextprotocol/server';
import type { Scope } from './tools/defineTool.ts';

export interface ToolCaller {
  /** Whose rate limit it counts against. */
  client: string;
  /** What its token allows; `admin` on stdio, where the right to start the process is the right to everything. */
  scope: Scope;
}

export interface ToolBackend {
  /** What the caller did wrong is a result with `isError`; rejects only when the answer cannot be had at all. */
  call(name: string, args: unknown, caller: ToolCaller): Promise<CallToolResult>;
}
