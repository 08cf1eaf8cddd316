/**
 * Where a tool call is answered. In the daemon that is the tools themselves; in a process that is attached to it, the
 * daemon. The MCP server and the JSON API know only this.
 */
import type { CallToolResult } from '@modelcontextprotocol/server';

/** What a token must allow to call a tool. `admin` may everything. */
export type Scope = 'ingest' | 'read' | 'admin';

export interface ToolCaller {
  /** Whose rate limit it counts against. */
  client: string;
  /** What its token allows; `admin` on stdio, where the right to start the process is the right to everything. */
  scope: Scope;
  /** The only one that it sees, by its token or by its own wish; undefined: all. */
  workspace?: string | undefined;
}

export interface ToolProgress {
  /** Grows with each report. */
  progress: number;
  /** What it grows to, where that is known. */
  total?: number | undefined;
  /** For a person. */
  message?: string | undefined;
}

/** What a call that takes its time has beside its arguments. */
export interface CallControl {
  /** Aborted when the caller cancels, or is gone. */
  signal?: AbortSignal | undefined;
  /** Absent where the caller does not want to hear of it. */
  onProgress?: ((progress: ToolProgress) => void) | undefined;
}

/** One call, as the tool sees it. */
export interface ToolCall extends CallControl {
  caller: ToolCaller;
}

export interface ToolBackend {
  /** What the caller did wrong is a result with `isError`; rejects only when the answer cannot be had at all. */
  call(name: string, args: unknown, caller: ToolCaller, control?: CallControl): Promise<CallToolResult>;
}
