/**
 * What `tools/list` says of a definition: its words and its schemas as JSON Schema. Every model that uses the collector
 * reads all of it in every conversation, so what says nothing is left out.
 */
import type { Tool, ToolAnnotations } from '@modelcontextprotocol/server';
import { z } from 'zod';
import type { ToolDefinition } from './defineTool.ts';

export type DescribedTool = Pick<
  ToolDefinition,
  'name' | 'title' | 'description' | 'annotations' | 'input' | 'output' | 'viewUri' | 'durationMs'
>;

/** The bounds that zod writes for any integer. */
const INTEGER_BOUNDS: unknown[] = [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER];

/** What an absent hint means by the protocol. */
const ANNOTATION_DEFAULTS: Required<Omit<ToolAnnotations, 'title'>> = {
  readOnlyHint: false,
  destructiveHint: true,
  idempotentHint: false,
  openWorldHint: true,
};

/** What zod writes of objects and lists that may hold anything. */
const OPEN_KEYS = ['properties', 'additionalProperties', 'items'] as const;
const isEmpty = (value: unknown) => typeof value === 'object' && value !== null && Object.keys(value).length === 0;

function jsonSchema(schema: z.ZodObject, io: 'input' | 'output'): Tool['inputSchema'] {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, {
    io,
    override({ jsonSchema }) {
      if (INTEGER_BOUNDS.includes(jsonSchema.minimum)) delete jsonSchema.minimum;
      if (INTEGER_BOUNDS.includes(jsonSchema.maximum)) delete jsonSchema.maximum;
      // Lengths protect the collector; nobody who means well comes near them.
      delete jsonSchema.minLength;
      delete jsonSchema.maxLength;
      // A reader gains nothing from knowing that an answer holds no more than what is described.
      if (io === 'output' && jsonSchema.additionalProperties === false) delete jsonSchema.additionalProperties;
      // A name that can only be text: a record's keys.
      delete jsonSchema.propertyNames;
      // No names, and anything: what a schema that says nothing of them means as well.
      for (const key of OPEN_KEYS) if (isEmpty(jsonSchema[key])) delete jsonSchema[key];
    },
  });
  return rest as Tool['inputSchema'];
}

/** Only what differs from the defaults; of a tool that only reads, the protocol asks no more than that. */
function listedAnnotations(annotations: ToolDefinition['annotations']): ToolAnnotations {
  const { readOnlyHint, openWorldHint } = annotations;
  const meaningful = readOnlyHint ? { readOnlyHint, openWorldHint } : annotations;
  return Object.fromEntries(
    Object.entries(meaningful).filter(
      ([hint, value]) => ANNOTATION_DEFAULTS[hint as keyof typeof ANNOTATION_DEFAULTS] !== value,
    ),
  );
}

export function toListEntry(tool: DescribedTool): Tool {
  const { name, title, description, annotations, input, output, viewUri, durationMs } = tool;
  return {
    name,
    title,
    description,
    inputSchema: jsonSchema(input, 'input'),
    outputSchema: jsonSchema(output, 'output'),
    annotations: listedAnnotations(annotations),
    ...(durationMs !== undefined && { execution: { taskSupport: 'optional' as const } }),
    ...(viewUri !== undefined && { _meta: { ui: { resourceUri: viewUri } } }),
  };
}
