import { AjvJsonSchemaValidator } from '@modelcontextprotocol/client/validators/ajv';
import fc from 'fast-check';
import { describe, expect, inject, it } from 'vitest';
import { exampleArguments } from './exampleArguments.ts';
import type { Schema } from './schemaReader.ts';

const object = (properties: Schema, more: Schema = {}): Schema => ({
  type: 'object',
  properties,
  required: Object.keys(properties),
  ...more,
});

const madeOf = (schema: Schema, more: Schema = {}) => {
  const made = exampleArguments(object({ it: schema }, more));
  return 'problem' in made ? made : made.arguments.it;
};

it('nothing is given that is not required', () => {
  expect(exampleArguments({ type: 'object', properties: { a: { type: 'string' } } })).toEqual({ arguments: {} });
  expect(exampleArguments({ type: 'object' })).toEqual({ arguments: {} });
});

it.each<[string, Schema, unknown]>([
  ['a constant', { const: 7 }, 7],
  ['the first of a list', { enum: ['b', 'a'] }, 'b'],
  ['the default', { type: 'integer', default: 5 }, 5],
  ['an example', { type: 'string', examples: ['London'] }, 'London'],
  ['a format', { type: 'string', format: 'date-time' }, '2026-01-01T12:00:00Z'],
  ['a pattern', { type: 'string', pattern: '^[A-Z]{3}$' }, 'USD'],
  ['a least length', { type: 'string', minLength: 10 }, 'exampleexa'],
  ['a most length', { type: 'string', maxLength: 3 }, 'exa'],
  ['a least number', { type: 'integer', minimum: 7 }, 7],
  ['a most number', { type: 'number', maximum: -2 }, -2],
  ['numbers between', { type: 'number', exclusiveMinimum: 1, exclusiveMaximum: 2 }, 1.5],
  ['a multiple', { type: 'integer', multipleOf: 5 }, 5],
  ['as many items as there must be', { type: 'array', items: { type: 'integer' }, minItems: 2 }, [1, 1]],
  ['items that differ', { type: 'array', items: { type: 'integer' }, minItems: 2, uniqueItems: true }, [1, 2]],
  ['nested objects', object({ in: { type: 'boolean' } }), { in: false }],
  ['one of several, rather than nothing', { anyOf: [{ type: 'null' }, { type: 'integer' }] }, 1],
  ['one of several types', { type: ['null', 'string'] }, 'example'],
  ['all of several', { allOf: [object({ a: { const: 1 } }), object({ b: { const: 2 } })] }, { a: 1, b: 2 }],
])('%s is what the schema allows', (_what, schema, made) => {
  expect(madeOf(schema)).toEqual(made);
});

describe('references', () => {
  it('inside of the schema are followed', () => {
    expect(madeOf({ $ref: '#/$defs/a~1b' }, { $defs: { 'a/b': { enum: ['x'] } } })).toBe('x');
  });

  it.each([
    ['nowhere', { $ref: '#/$defs/none' }, 'not there'],
    ['out of it', { $ref: 'https://example.com/schema' }, 'another document'],
    ['in a ring', { $ref: '#/properties/it' }, 'no end'],
  ])('that lead %s are a problem, and no failure', (_where, schema, message) => {
    expect(madeOf(schema)).toEqual({ problem: expect.stringContaining(message) });
  });

  it('to what holds itself end where it may, and are a problem where not', () => {
    const tree = object({ child: { anyOf: [{ $ref: '#/$defs/tree' }, { type: 'null' }] } });
    expect(madeOf({ $ref: '#/$defs/tree' }, { $defs: { tree } })).toEqual({ child: null });
    const list = object({ children: { type: 'array', items: { $ref: '#/$defs/list' } } });
    expect(madeOf({ $ref: '#/$defs/list' }, { $defs: { list } })).toEqual({ children: [] });
    const both = { oneOf: [{ $ref: '#/$defs/all' }, { $ref: '#/$defs/all' }] };
    const all = object({ a: both, b: both });
    expect(madeOf({ $ref: '#/$defs/all' }, { $defs: { all } })).toHaveProperty('problem');
  });
});

it('what nobody can guess is a problem', () => {
  expect(madeOf({ type: 'string', pattern: '^open [a-z]{6}$' })).toHaveProperty('problem');
  expect(madeOf({ not: {} })).toHaveProperty('problem');
  expect(exampleArguments({ type: 'string' })).toHaveProperty('problem');
});

const leaf = fc.oneof(
  fc.record({ type: fc.constant('string'), minLength: fc.nat(20) }),
  fc.nat(50).map((minimum) => ({ type: 'integer', minimum, maximum: minimum + 10 })),
  fc.constantFrom('date', 'uuid', 'email', 'uri', 'ipv4', 'hostname').map((format) => ({ type: 'string', format })),
  fc.array(fc.string(), { minLength: 1 }).map((values) => ({ enum: values })),
  fc.constant({ type: 'boolean' }),
);
const { schema: anySchema } = fc.letrec<{ schema: Schema }>((tie) => ({
  schema: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    leaf,
    fc.record({ type: fc.constant('array'), items: tie('schema'), minItems: fc.nat(3) }),
    fc.dictionary(fc.string(), tie('schema'), { maxKeys: 4 }).map((properties) => object(properties)),
    fc.record({ oneOf: fc.tuple(tie('schema')) }),
  ),
}));

it('what is made is always what the schema allows, and the same each time', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), anySchema, { maxKeys: 4 }), (properties) => {
      const schema = object(properties);
      const made = exampleArguments(schema);
      expect(exampleArguments(schema)).toEqual(made);
      if ('problem' in made) throw new Error(made.problem);
      const validate = new AjvJsonSchemaValidator().getValidator(schema as never);
      expect(validate(made.arguments).valid).toBe(true);
    }),
    { numRuns: 100 * inject('thoroughness') },
  );
});

it('any JSON at all as a schema is an answer, and no failure', () => {
  fc.assert(
    fc.property(
      fc.dictionary(
        fc.constantFrom(
          'type',
          'properties',
          'required',
          'items',
          'enum',
          '$ref',
          'anyOf',
          'pattern',
          'minItems',
          'minLength',
          'allOf',
        ),
        fc.jsonValue(),
      ),
      (schema) => {
        const made = exampleArguments(schema);
        expect('problem' in made || typeof made.arguments === 'object').toBe(true);
      },
    ),
    { numRuns: 200 * inject('thoroughness') },
  );
});
