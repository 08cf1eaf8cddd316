/**
 * Resources, prompts and completions are made of the answers of tools, asked for on behalf of whoever wants them. So they
 * are the same in a process that is attached to a daemon, need the same tokens, and count against the same limits.
 */
import { ProtocolError, ProtocolErrorCode } from '@modelcontextprotocol/server';
import type { z } from 'zod';
import { VitalsError } from '../errors.ts';
import type { ToolBackend, ToolCaller } from './toolBackend.ts';
import { errorResult } from './toolCall.ts';
import type { ToolAnswer, ToolDefinition } from './tools/defineTool.ts';

/** @throws ProtocolError with the tool's own words where it refuses */
export type AskTool = <Input extends z.ZodObject, Output extends z.ZodObject, Needs>(
  tool: ToolDefinition<Input, Output, Needs>,
  args: z.input<Input>,
) => Promise<ToolAnswer<z.output<Output>>>;

/** What a resource or a prompt is made with. */
export interface AskContext {
  ask: AskTool;
  nowMs(): number;
}

export function createAskTool(backend: ToolBackend, caller: ToolCaller, onError: (error: unknown) => void): AskTool {
  return async (tool, args) => {
    const result = await backend.call(tool.name, args, caller).catch((error: unknown) => errorResult(error, onError));
    const text = result.content.map((block) => (block.type === 'text' ? block.text : '')).join('\n');
    if (result.isError) throw new ProtocolError(ProtocolErrorCode.InternalError, text);
    return { structured: result.structuredContent as z.output<(typeof tool)['output']>, text };
  };
}

/** A failure in the protocol's form; what is our fault is reported once and told without details. */
export function protocolError(error: unknown, onError: (error: unknown) => void): ProtocolError {
  if (error instanceof ProtocolError) return error;
  const isTheirs = error instanceof VitalsError && (error.code === 'invalid' || error.code === 'not_found');
  const [block] = errorResult(error, onError).content;
  const code = isTheirs ? ProtocolErrorCode.InvalidParams : ProtocolErrorCode.InternalError;
  return new ProtocolError(code, block?.type === 'text' ? block.text : '');
}
