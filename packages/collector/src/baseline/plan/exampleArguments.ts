/**
 * Arguments that a tool's JSON schema allows: what is required and no more, the same for the same schema. What a schema cannot
 * say (a path that exists, an id that is known) nobody can make up; such a tool needs a script.
 */
import type { JsonSchemaType } from '@modelcontextprotocol/client';
import { AjvJsonSchemaValidator } from '@modelcontextprotocol/client/validators/ajv';
import { numberFor, textFor } from './exampleValues.ts';
import { isSchema, type Schema, SchemaReader } from './schemaReader.ts';

export type MadeArguments = { arguments: Record<string, unknown> } | { problem: string };

/** Deeper ones refer to themselves. */
const MAX_DEPTH = 20;
const MAX_ITEMS = 1_000;
/** What branches and refers to itself takes for ever otherwise. */
const MAX_VALUES = 10_000;

export function exampleArguments(inputSchema: Schema): MadeArguments {
  try {
    const made = new Maker(inputSchema).make(inputSchema, 0);
    if (!isSchema(made)) return { problem: 'its input schema describes no object' };
    const { valid, errorMessage } = new AjvJsonSchemaValidator().getValidator(inputSchema as JsonSchemaType)(made);
    return valid
      ? { arguments: made }
      : { problem: `its input schema asks for what cannot be guessed: ${errorMessage}` };
  } catch (error) {
    return { problem: `its input schema cannot be used: ${(error as Error).message}` };
  }
}

class Maker {
  readonly #reader: SchemaReader;
  #made = 0;

  constructor(root: Schema) {
    this.#reader = new SchemaReader(root);
  }

  /** @throws Error when the schema has no end, or refers to what is not there */
  make(given: unknown, depth: number): unknown {
    this.#made += 1;
    if (depth > MAX_DEPTH || this.#made > MAX_VALUES) throw new Error('it refers to itself without end');
    const schema = this.#reader.resolve(given);
    if ('const' in schema) return schema.const;
    const listed = [schema.enum, schema.examples].find((values) => Array.isArray(values) && values.length > 0);
    if (schema.enum === listed && listed !== undefined) return (listed as unknown[])[0];
    if ('default' in schema) return schema.default;
    if (listed !== undefined) return (listed as unknown[])[0];
    const choices = schema.oneOf ?? schema.anyOf;
    if (Array.isArray(choices) && choices.length > 0) return this.#choose(schema, choices, depth);
    return this.#ofType(schema, depth);
  }

  /** The first that can be made: plain values before nothing, and that before what may have no end. */
  #choose({ oneOf: _one, anyOf: _any, ...rest }: Schema, choices: readonly unknown[], depth: number): unknown {
    const sorted = [...choices].sort((a, b) => effortOf(a) - effortOf(b));
    let failure: unknown;
    for (const choice of sorted) {
      try {
        return this.make({ allOf: [rest, choice] }, depth + 1);
      } catch (error) {
        failure = error;
      }
    }
    throw failure;
  }

  #ofType(schema: Schema, depth: number): unknown {
    switch (typeOf(schema)) {
      case 'object':
        return this.#object(schema, depth);
      case 'array':
        return this.#array(schema, depth);
      case 'integer':
      case 'number':
        return numberFor(schema);
      case 'boolean':
        return false;
      case 'null':
        return null;
      default:
        return textFor(schema);
    }
  }

  #object(schema: Schema, depth: number): Record<string, unknown> {
    const properties = isSchema(schema.properties) ? schema.properties : {};
    const required = Array.isArray(schema.required) ? (schema.required as string[]) : [];
    const entries = required.map((name) => {
      const property = Object.hasOwn(properties, name) ? properties[name] : {};
      return [name, this.make(property, depth + 1)] as const;
    });
    return Object.fromEntries(entries);
  }

  #array(schema: Schema, depth: number): unknown[] {
    const first = Array.isArray(schema.prefixItems) ? schema.prefixItems : [];
    const count = Math.min(MAX_ITEMS, Math.max(first.length, Number(schema.minItems ?? 0)));
    const items = Array.from({ length: count }, (_, i) => this.make(first[i] ?? schema.items ?? {}, depth + 1));
    if (schema.uniqueItems !== true) return items;
    return items.map((item, i) =>
      typeof item === 'number' ? item + i : typeof item === 'string' && i > 0 ? `${item}${i}` : item,
    );
  }
}

function effortOf(choice: unknown): number {
  if (!isSchema(choice)) return 0;
  return '$ref' in choice ? 2 : choice.type === 'null' ? 1 : 0;
}

function typeOf(schema: Schema): unknown {
  const types = [schema.type].flat().filter((type) => type !== undefined);
  if (types.length > 0) return types.find((type) => type !== 'null') ?? 'null';
  if ('properties' in schema || 'required' in schema) return 'object';
  if ('items' in schema || 'prefixItems' in schema || 'minItems' in schema) return 'array';
  return 'minimum' in schema || 'maximum' in schema || 'multipleOf' in schema ? 'number' : 'string';
}
