/**
 * The tools in a process that is attached to a daemon. Calls that report a duration are gathered here into batches with
 * this process's own instance and sequence numbers, exactly like those of an SDK: sent again to the next daemon, they
 * are still counted once. All other tools only read or set, so they may simply be asked again.
 */
import type { Batch } from '@mcp-vitals/wire/decode';
import type { CallToolResult } from '@modelcontextprotocol/server';
import type { Clock } from '../clock.ts';
import type { Config } from '../config/schema.ts';
import { createLimits } from '../serve/limits.ts';
import type { CallControl, ToolBackend, ToolCall, ToolCaller } from '../serve/toolBackend.ts';
import { errorResult, runTool } from '../serve/toolCall.ts';
import { trackPerformance } from '../serve/tools/trackPerformance.ts';
import { askedWithin } from '../serve/workspaceAsked.ts';
import { createTracker } from '../track/tracker.ts';
import { SOFTWARE } from '../version.ts';

/** Resolves once the batch is durable. */
export type BatchSink = (batch: Batch, body: Uint8Array) => Promise<unknown>;

export interface RemoteBackendDeps {
  config: Pick<Config, 'limits'>;
  clock: Clock;
  sink: BatchSink;
  callTool(name: string, args: unknown, caller: ToolCaller, control?: CallControl): Promise<CallToolResult>;
  onError(error: unknown): void;
}

export interface RemoteBackend extends ToolBackend {
  /** Resolves when every tracked call is settled. */
  drain(): Promise<void>;
}

export function createRemoteBackend({ config, clock, sink, callTool, onError }: RemoteBackendDeps): RemoteBackend {
  const tracker = createTracker({ clock, software: SOFTWARE, append: sink, onError });
  const deps = { limits: createLimits(config, clock), onError };

  async function track(given: unknown, call: ToolCall): Promise<CallToolResult> {
    try {
      const { args } = askedWithin(given, call.caller.workspace);
      return await runTool(trackPerformance, args, tracker, call, deps);
    } catch (error) {
      return errorResult(error, onError);
    }
  }

  return {
    call(name, args, caller, control) {
      return name === trackPerformance.name
        ? track(args, { ...control, caller })
        : callTool(name, args, caller, control);
    },
    drain: tracker.drain,
  };
}
