/** Reads a JSON schema part by part: what it refers to, and what is said of the same value in several places, as one. */

export type Schema = Record<string, unknown>;

/** More are a ring. */
const MAX_REFERENCES = 20;

export function isSchema(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export class SchemaReader {
  constructor(private readonly root: Schema) {}

  /**
   * @returns the schema without `$ref` and `allOf` of its own
   * @throws Error for a reference that leads nowhere, out of the document, or in a ring
   */
  resolve(given: unknown, depth = 0): Schema {
    if (depth > MAX_REFERENCES) throw new Error('its references have no end');
    if (!isSchema(given)) return {};
    const { $ref, allOf, ...own } = given;
    const referred = typeof $ref === 'string' ? [this.resolve(this.#target($ref), depth + 1)] : [];
    const parts = Array.isArray(allOf) ? allOf.map((part) => this.resolve(part, depth + 1)) : [];
    return [...referred, ...parts, own].reduce<Schema>(merged, {});
  }

  #target(reference: string): unknown {
    if (!reference.startsWith('#')) throw new Error(`it refers to another document, ${reference}`);
    const steps = decodeURIComponent(reference.slice(1)).split('/').slice(1);
    let target: unknown = this.root;
    for (const step of steps) {
      const key = step.replaceAll('~1', '/').replaceAll('~0', '~');
      const isThere = typeof target === 'object' && target !== null && Object.hasOwn(target, key);
      if (!isThere) throw new Error(`it refers to ${reference}, which is not there`);
      target = (target as Schema)[key];
    }
    return target;
  }
}

/** What both say; where they differ, the second. */
function merged(first: Schema, second: Schema): Schema {
  const both: Schema = { ...first, ...second };
  if (isSchema(first.properties) && isSchema(second.properties))
    both.properties = { ...first.properties, ...second.properties };
  if (Array.isArray(first.required) && Array.isArray(second.required))
    both.required = [...new Set([...first.required, ...second.required])];
  return both;
}
