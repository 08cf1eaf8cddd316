/** What `tools/list` says of a definition: its words and its schemas as JSON Schema, without what only costs tokens. */
import type { Tool } from '@modelcontextprotocol/server';
import { z } from 'zod';
import type { ToolDefinition } from './defineTool.ts';

export type DescribedTool = Pick<ToolDefinition, 'name' | 'title' | 'description' | 'annotations' | 'input' | 'output'>;

/** The bounds that zod writes for any integer; they say nothing. */
const INTEGER_BOUNDS: unknown[] = [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER];

function jsonSchema(schema: z.ZodObject, io: 'input' | 'output'): Tool['inputSchema'] {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, {
    io,
    override({ jsonSchema }) {
      if (INTEGER_BOUNDS.includes(jsonSchema.minimum)) delete jsonSchema.minimum;
      if (INTEGER_BOUNDS.includes(jsonSchema.maximum)) delete jsonSchema.maximum;
      // A reader gains nothing from knowing that an answer holds no more than what is described.
      if (io === 'output') delete jsonSchema.additionalProperties;
    },
  });
  return rest as Tool['inputSchema'];
}

export function toListEntry({ name, title, description, annotations, input, output }: DescribedTool): Tool {
  return {
    name,
    title,
    description,
    inputSchema: jsonSchema(input, 'input'),
    outputSchema: jsonSchema(output, 'output'),
    annotations: { ...annotations },
  };
}
