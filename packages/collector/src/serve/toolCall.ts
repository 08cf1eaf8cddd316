/**
 * The one path of a tool call, whichever door it came through: find the tool, check the scope, count it against the
 * caller's limit, validate, run, put the answer into MCP's form. What the caller can mend becomes an `isError` result
 * that says how; what is our fault is reported once and told without details.
 */
import type { CallToolResult } from '@modelcontextprotocol/server';
import type { z } from 'zod';
import { VitalsError } from '../errors.ts';
import { quoteUntrusted } from '../model/untrusted.ts';
import { allows } from './auth.ts';
import type { Audit } from './ports/audit.ts';
import type { ServicesOf } from './ports/services.ts';
import type { ToolBackend, ToolCall } from './toolBackend.ts';
import type { ToolDefinition, ToolDocument } from './tools/defineTool.ts';
import { findTool } from './tools/index.ts';
import { askedWithin } from './workspaceAsked.ts';

/** What a call counts as: reporting a metric has a limit of its own. */
export type LimitKind = 'query' | 'metric';

export interface Limits {
  /** @throws VitalsError `rate_limited` */
  take(kind: LimitKind, client: string): void;
}

export interface ToolCallDeps {
  limits: Limits;
  /** Where changes are written down. */
  audit?: Pick<Audit, 'record'>;
  /** Told of failures that are ours, once each. */
  onError(error: unknown): void;
}

/** Runs one tool with what it needs. Never rejects. */
export async function runTool<Needs>(
  tool: ToolDefinition<z.ZodObject, z.ZodObject, Needs>,
  args: unknown,
  needs: Needs,
  call: ToolCall,
  { limits, audit, onError }: ToolCallDeps,
): Promise<CallToolResult> {
  const { caller } = call;
  try {
    if (!allows(caller.scope, tool.scope)) {
      throw new VitalsError('forbidden', `${tool.name} needs a token of scope ${tool.scope}, not ${caller.scope}`);
    }
    limits.take(tool.scope === 'ingest' ? 'metric' : 'query', caller.client);
    const input = tool.input.safeParse(args ?? {});
    if (!input.success) {
      throw new VitalsError('invalid', describeIssues(tool.name, input.error), {
        hint: `Parameters: ${Object.keys(tool.input.shape).join(', ')}.`,
      });
    }
    const { structured, text, documents = [] } = await tool.run(input.data, needs, call);
    if (tool.audit !== undefined) await audit?.record({ ...tool.audit(input.data, structured), by: caller.client });
    return { content: [{ type: 'text', text }, ...documents.map(embedded)], structuredContent: structured };
  } catch (error) {
    return errorResult(error, onError);
  }
}

function embedded({ uri, mimeType, content }: ToolDocument): CallToolResult['content'][number] {
  const body = typeof content === 'string' ? { text: content } : { blob: Buffer.from(content).toString('base64') };
  return { type: 'resource', resource: { uri, mimeType, ...body } };
}

/** A failure as a result that a model or a person can act upon. */
export function errorResult(error: unknown, onError: (error: unknown) => void): CallToolResult {
  const known = error instanceof VitalsError ? error : undefined;
  if (known === undefined || known.code === 'internal') onError(error);
  const shown = known ?? new VitalsError('internal', 'The collector failed; its log says why.');
  const text = shown.hint === undefined ? shown.message : `${shown.message}\n${shown.hint}`;
  return { content: [{ type: 'text', text }], isError: true };
}

/** One line per problem: `duration: Too small: expected number to be >=0`. */
function describeIssues(toolName: string, { issues }: z.ZodError): string {
  const lines = issues.slice(0, 10).map((issue) => {
    if (issue.code === 'unrecognized_keys') {
      return `unknown parameter ${issue.keys
        .slice(0, 5)
        .map((key) => quoteUntrusted(key))
        .join(', ')}`;
    }
    const path = issue.path.join('.');
    return path === '' ? issue.message : `${path}: ${issue.message}`;
  });
  return `${toolName}: ${lines.join('; ')}`;
}

/** The tools where all services are at hand. */
export function createLocalBackend(servicesOf: ServicesOf, deps: Omit<ToolCallDeps, 'audit'>): ToolBackend {
  return {
    async call(name, args, caller, control) {
      const tool = findTool(name);
      if (tool === undefined) throw new VitalsError('not_found', `There is no tool ${quoteUntrusted(name)}`);
      try {
        const asked = askedWithin(args, caller.workspace);
        const services = servicesOf(asked.workspace);
        return await runTool(tool, asked.args, services, { ...control, caller }, { ...deps, audit: services.audit });
      } catch (error) {
        return errorResult(error, deps.onError);
      }
    },
  };
}
