/** A tool is one definition; its file is the only place that knows its name, schemas and words. */
import type { z } from 'zod';
import type { AuditedChange } from '../../model/audit.ts';
import type { Services } from '../ports/services.ts';
import type { Scope, ToolCall } from '../toolBackend.ts';

export interface ToolAnnotations {
  readOnlyHint: boolean;
  destructiveHint: boolean;
  idempotentHint: boolean;
  openWorldHint: boolean;
}

export interface ToolAnswer<Output> {
  /** Conforms to the output schema; sent as `structuredContent`. */
  structured: Output;
  /** A few lines for a person or a model; text from outside in it is already marked as data. */
  text: string;
  /** Files that go with it, sent as embedded resources. */
  documents?: readonly ToolDocument[];
}

export interface ToolDocument {
  uri: string;
  mimeType: string;
  /** Bytes travel in base64. */
  content: string | Uint8Array;
}

/** `Needs` is what of the services the tool uses: one that needs little can also run where not all of them are. */
export interface ToolDefinition<
  Input extends z.ZodObject = z.ZodObject,
  Output extends z.ZodObject = z.ZodObject,
  Needs = Services,
> {
  name: string;
  title: string;
  description: string;
  scope: Scope;
  annotations: ToolAnnotations;
  input: Input;
  output: Output;
  /** Address of the view that shows its answers in clients with the MCP Apps extension. */
  viewUri?: string;
  /** What of a call that went well is written down; absent where nothing changes, or where a service writes it down itself. */
  audit?(input: z.output<Input>, structured: z.output<Output>): AuditedChange;
  /** How long it will take, where its input says that: a long call can then become a task. */
  durationMs?(input: z.output<Input>): number;
  /** @throws VitalsError, shown to the caller as an `isError` result */
  run(input: z.output<Input>, services: Needs, call: ToolCall): Promise<ToolAnswer<z.output<Output>>>;
}

/** Gives the definition its types; there is nothing else to it. */
export function defineTool<Input extends z.ZodObject, Output extends z.ZodObject, Needs = Services>(
  definition: ToolDefinition<Input, Output, Needs>,
): ToolDefinition<Input, Output, Needs> {
  return definition;
}
