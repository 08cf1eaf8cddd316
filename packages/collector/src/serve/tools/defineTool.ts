/** A tool is one definition; its file is the only place that knows its name, schemas and words. */
import type { z } from 'zod';
import type { Services } from '../services.ts';

export interface ToolAnnotations {
  readOnlyHint: boolean;
  destructiveHint: boolean;
  idempotentHint: boolean;
  openWorldHint: boolean;
}

/** What a token must allow to call the tool. `admin` may everything. */
export type Scope = 'ingest' | 'read' | 'admin';

export interface ToolAnswer<Output> {
  /** Conforms to the output schema; sent as `structuredContent`. */
  structured: Output;
  /** A few lines for a person or a model; text from outside in it is already marked as data. */
  text: string;
}

export interface ToolDefinition<Input extends z.ZodObject = z.ZodObject, Output extends z.ZodObject = z.ZodObject> {
  name: string;
  title: string;
  description: string;
  scope: Scope;
  annotations: ToolAnnotations;
  input: Input;
  output: Output;
  /** @throws VitalsError, shown to the caller as an `isError` result */
  run(input: z.output<Input>, services: Services): Promise<ToolAnswer<z.output<Output>>>;
}

/** Gives the definition its types; there is nothing else to it. */
export function defineTool<Input extends z.ZodObject, Output extends z.ZodObject>(
  definition: ToolDefinition<Input, Output>,
): ToolDefinition<Input, Output> {
  return definition;
}
