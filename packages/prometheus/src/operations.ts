/**
 * The histogram that OpenTelemetry's conventions for MCP describe, one per method, and per tool or prompt where the method
 * has one. Addresses of resources are no attribute of it by default, so that all reads of a server are one. Which revision
 * of the conventions this follows: docs/decisions/0019-prometheus.md.
 */
import { SERVER_FAMILIES } from './families.ts';
import { Histogram, HistogramShape } from './histogram.ts';
import type { Labels } from './labels.ts';

const SHAPE = new HistogramShape(SERVER_FAMILIES.operationDuration, 1 / 1000);

/** Kinds that are requests of a client. */
export type OperationKind = 'tool' | 'resource' | 'prompt' | 'method';

/** The attributes of a request, which `server` is none of. @param name of the tool, the prompt or the method */
export function operationLabels(kind: OperationKind, name: string): Labels {
  switch (kind) {
    case 'tool':
      return {
        mcp_method_name: 'tools/call',
        gen_ai_operation_name: 'execute_tool',
        gen_ai_tool_name: name,
      };
    case 'prompt':
      return { mcp_method_name: 'prompts/get', gen_ai_prompt_name: name };
    case 'resource':
      return { mcp_method_name: 'resources/read' };
    case 'method':
      return { mcp_method_name: name };
  }
}

/** @param name of the tool, the prompt or the method, as a label's value */
export function newOperation(server: string, kind: OperationKind, name: string): Histogram {
  return new Histogram(SHAPE, { server, ...operationLabels(kind, name) });
}
