/** Numbers and texts that a JSON schema allows. */
import type { Schema } from './schemaReader.ts';

const BY_FORMAT: Readonly<Record<string, string>> = {
  date: '2026-01-01',
  time: '12:00:00Z',
  'date-time': '2026-01-01T12:00:00Z',
  duration: 'PT1H',
  email: 'someone@example.com',
  'idn-email': 'someone@example.com',
  hostname: 'example.com',
  'idn-hostname': 'example.com',
  ipv4: '192.0.2.1',
  ipv6: '2001:db8::1',
  uri: 'https://example.com/',
  url: 'https://example.com/',
  iri: 'https://example.com/',
  'uri-reference': '/example',
  'iri-reference': '/example',
  'uri-template': '/example/{id}',
  'json-pointer': '/example',
  'relative-json-pointer': '0',
  regex: '^example$',
  uuid: '00000000-0000-4000-8000-000000000000',
};

/** What patterns most often ask for. */
const CANDIDATES = [
  'example',
  'Example',
  'EXAMPLE',
  'e',
  '1',
  '12',
  '123',
  '1234',
  '12345',
  'a1',
  'A1',
  'A-1',
  'example-1',
  'example_1',
  '1.0.0',
  '#123456',
  'en-US',
  'USD',
  'US',
  '00000000-0000-4000-8000-000000000000',
  '0000000000000000000000000000000000000000',
  ...Object.values(BY_FORMAT),
];

const MAX_LENGTH = 100_000;

/** Of the format; else what fits the pattern, if anything does; as long as it has to be. */
export function textFor({ format, pattern, minLength, maxLength }: Schema): string {
  if (typeof format === 'string' && Object.hasOwn(BY_FORMAT, format)) return BY_FORMAT[format]!;
  const least = Math.min(MAX_LENGTH, Number(minLength ?? 0));
  const most = Number(maxLength ?? MAX_LENGTH);
  const fitted = (text: string) => text.padEnd(least, text).slice(0, most);
  if (typeof pattern !== 'string') return fitted('example');
  const expression = new RegExp(pattern, 'u');
  return CANDIDATES.map(fitted).find((text) => expression.test(text)) ?? fitted('example');
}

/** The number nearest to 1 that is allowed, as far as that can be said in one step. */
export function numberFor(schema: Schema): number {
  const step = Number(schema.multipleOf ?? (schema.type === 'integer' ? 1 : 0));
  const gap = step > 0 ? step : 0.5;
  const low = Math.max(
    Number(schema.minimum ?? Number.NEGATIVE_INFINITY),
    Number(schema.exclusiveMinimum ?? Number.NEGATIVE_INFINITY) + ('exclusiveMinimum' in schema ? gap : 0),
  );
  const high = Math.min(
    Number(schema.maximum ?? Number.POSITIVE_INFINITY),
    Number(schema.exclusiveMaximum ?? Number.POSITIVE_INFINITY) - ('exclusiveMaximum' in schema ? gap : 0),
  );
  const wanted = Math.min(Math.max(1, low), high);
  if (step === 0) return wanted;
  const above = Math.ceil(wanted / step) * step;
  return above <= high ? above : Math.floor(wanted / step) * step;
}
