/** The tools as a page: what each is for, what it takes, what it returns. */
import type { ToolDefinition } from '../../packages/collector/src/serve/tools/defineTool.ts';
import { toListEntry } from '../../packages/collector/src/serve/tools/toolList.ts';

interface JsonSchema {
  type?: string | string[];
  enum?: string[];
  default?: unknown;
  description?: string;
  properties?: Record<string, JsonSchema>;
  required?: string[];
  items?: JsonSchema;
  additionalProperties?: JsonSchema | boolean;
  minimum?: number;
  maximum?: number;
}

export function toolsMarkdown(tools: readonly ToolDefinition[]): string {
  return tools.map(toolMarkdown).join('\n\n');
}

function toolMarkdown(tool: ToolDefinition): string {
  const { inputSchema, outputSchema } = toListEntry(tool);
  const kind = tool.annotations.readOnlyHint ? 'Reads only' : 'Changes what is stored';
  return [
    `## ${tool.name}`,
    '',
    `${tool.description} ${kind}; needs a token of scope \`${tool.scope}\`.`,
    '',
    '| parameter | type | default | |',
    '| --- | --- | --- | --- |',
    ...parameterRows(inputSchema as JsonSchema, ''),
    '',
    'Returns:',
    '',
    '```ts',
    typeText(outputSchema as JsonSchema, ''),
    '```',
  ].join('\n');
}

function parameterRows({ properties = {}, required = [] }: JsonSchema, prefix: string): string[] {
  return Object.entries(properties).flatMap(([name, schema]) => {
    const fallback =
      schema.default === undefined ? optionality(required.includes(name)) : `\`${String(schema.default)}\``;
    const row = `| \`${prefix}${name}\` | ${valueText(schema)} | ${fallback} | ${notes(schema)} |`;
    return schema.properties ? [row, ...parameterRows(schema, `${prefix}${name}.`)] : [row];
  });
}

function optionality(required: boolean): string {
  return required ? 'required' : 'optional';
}

function valueText({ type, enum: values }: JsonSchema): string {
  return values ? values.map((value) => `\`${value}\``).join(', ') : [type ?? ''].flat().join(' or ');
}

function notes({ description, minimum, maximum }: JsonSchema): string {
  const bounds = [
    ...(minimum === undefined ? [] : [`at least ${minimum}`]),
    ...(maximum === undefined ? [] : [`at most ${maximum}`]),
  ];
  return [description, ...bounds].filter((part) => part !== undefined).join('; ');
}

/** The schema as a reader of TypeScript knows it. */
function typeText(schema: JsonSchema, indent: string): string {
  if (schema.enum) return schema.enum.map((value) => `'${value}'`).join(' | ');
  if (schema.type === 'array') return `Array<${typeText(schema.items ?? {}, indent)}>`;
  if (schema.properties) {
    const members = Object.entries(schema.properties).map(([name, member]) => {
      const mark = schema.required?.includes(name) ? '' : '?';
      const comment = member.description === undefined ? '' : ` // ${member.description}`;
      return `${indent}  ${name}${mark}: ${typeText(member, `${indent}  `)};${comment}`;
    });
    return ['{', ...members, `${indent}}`].join('\n');
  }
  if (typeof schema.additionalProperties === 'object') {
    return `Record<string, ${typeText(schema.additionalProperties, indent)}>`;
  }
  if (schema.type === 'object') return 'Record<string, unknown>';
  return [schema.type ?? 'unknown'].flat().join(' | ');
}
