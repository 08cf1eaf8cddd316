/**
 * What a point of `mcp.server.operation.duration` counts, by its attributes: the conventions of
 * open-telemetry/semantic-conventions-genai (model/mcp, development status as of mid-2026), in our own words for series
 * and outcomes.
 */
import type { Outcome, SeriesKind } from '@mcp-vitals/wire/decode';
import type { Attributes } from './attributes.ts';

export interface Operation {
  kind: SeriesKind;
  name: string;
  outcome: Outcome;
  /** Absent where it went well. */
  error?: { errorClass: string; code: string };
}

/** Where requests are counted that name nothing; the SDK's own word for it. */
const UNNAMED = '__unnamed__';

/** What senders call it when nobody waited any longer: the conventions' own word, and codes and classes of MCP SDKs. */
const TIMEOUT_TYPES: ReadonlySet<string> = new Set(['timeout', '-32001', 'REQUEST_TIMEOUT', 'TimeoutError']);

const JSON_RPC_CODE = /^-?\d+$/;
const MAX_ERROR_CLASS_LENGTH = 200;
const MAX_CODE_LENGTH = 100;

/** Undefined when the attributes do not say which method was called. */
export function operationOf(attributes: Attributes): Operation | undefined {
  const method = attributes.text('mcp.method.name');
  if (method === undefined) return undefined;
  const series = seriesOf(method, attributes);
  const errorType = attributes.text('error.type');
  if (errorType === undefined) return { ...series, outcome: 'ok' };
  const code = attributes.text('rpc.response.status_code') ?? (JSON_RPC_CODE.test(errorType) ? errorType : '');
  return {
    ...series,
    outcome: outcomeOf(errorType, code, series.kind),
    error: { errorClass: errorType.slice(0, MAX_ERROR_CLASS_LENGTH), code: code.slice(0, MAX_CODE_LENGTH) },
  };
}

/** Named as the SDK names them; a resource by the scheme of its URI, which the client chose. */
function seriesOf(method: string, attributes: Attributes): Pick<Operation, 'kind' | 'name'> {
  switch (method) {
    case 'tools/call':
      return { kind: 'tool', name: attributes.text('gen_ai.tool.name') ?? UNNAMED };
    case 'prompts/get':
      return { kind: 'prompt', name: attributes.text('gen_ai.prompt.name') ?? UNNAMED };
    case 'resources/read':
      return { kind: 'resource', name: schemeOf(attributes.text('mcp.resource.uri')) };
    default:
      return { kind: 'method', name: method };
  }
}

function schemeOf(uri = ''): string {
  return /^[a-z][a-z0-9+.-]{0,30}:/i.exec(uri)?.[0].toLowerCase() ?? UNNAMED;
}

/** An answer with a JSON-RPC code is the protocol's error; a tool that failed otherwise answered `isError`. */
function outcomeOf(errorType: string, code: string, kind: SeriesKind): Outcome {
  if (TIMEOUT_TYPES.has(errorType) || TIMEOUT_TYPES.has(code)) return 'timeout';
  return code === '' && kind === 'tool' ? 'tool_error' : 'protocol_error';
}
