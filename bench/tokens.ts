/** How many bytes of a result are one token? What `cost.bytesPerToken` is, and how wrong it can be. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { configSchema } from '../packages/collector/src/config/schema.ts';
import { randomNumbers } from '../packages/collector/src/testing/weeksOfCalls.ts';
import { type BenchResult, runWhenMain } from './result.ts';

const ROOT = new URL('../', import.meta.url);
/** Of long files the beginning says as much. */
const MAX_CHARACTERS = 60_000;

interface Encoding {
  encode(text: string): number[];
}

const fromCollector = createRequire(new URL('packages/collector/package.json', ROOT));
const ENCODINGS: Readonly<Record<string, Encoding>> = {
  o200k: fromCollector('gpt-tokenizer/encoding/o200k_base') as Encoding,
  cl100k: fromCollector('gpt-tokenizer/encoding/cl100k_base') as Encoding,
};

const file = (path: string) => readFileSync(fileURLToPath(new URL(path, ROOT)), 'utf8').slice(0, MAX_CHARACTERS);
const minified = (path: string) =>
  JSON.stringify(JSON.parse(readFileSync(fileURLToPath(new URL(path, ROOT)), 'utf8'))).slice(0, MAX_CHARACTERS);

/** What servers answer with, of every kind some. */
function samples(): Readonly<Record<string, readonly string[]>> {
  const random = randomNumbers(1);
  const rows = Array.from({ length: 500 }, (_, id) => ({ id, at: new Date(1e12 + id * 6e4), value: 100 * random() }));
  const lines = Array.from(
    { length: 300 },
    (_, i) =>
      `2025-10-31T13:${String(i % 60).padStart(2, '0')}:07Z INFO GET /items/${Math.floor(1e6 * random())} 200 ${i % 97}ms`,
  );
  const bytes = Uint8Array.from({ length: 9_000 }, () => Math.floor(256 * random()));
  return {
    'English text': ['docs/architecture.md', 'docs/store.md', 'docs/alerts.md', 'README.md'].map(file),
    'source code': ['packages/collector/src/app.ts', 'packages/sketch/src/digest.ts', 'bench/index.ts'].map(file),
    'JSON, indented': ['docs/openapi.json', 'package.json', 'biome.json'].map(file),
    'JSON, minified': ['docs/openapi.json', 'package.json', 'biome.json'].map(minified),
    'JSON of numbers and times': [JSON.stringify(rows)],
    'log lines': [lines.join('\n')],
    base64: [Buffer.from(bytes).toString('base64')],
  };
}

/** As the SDK measures it: the result as JSON. */
function resultBytes(text: string): number {
  return Buffer.byteLength(JSON.stringify({ content: [{ type: 'text', text }] }));
}

export async function run(): Promise<BenchResult> {
  const { bytesPerToken } = configSchema.shape.cost.parse({});
  const rows = Object.entries(samples()).map(([kind, texts]) => {
    const bytes = texts.reduce((sum, text) => sum + resultBytes(text), 0);
    const [tokens, older] = Object.values(ENCODINGS).map(({ encode }) =>
      texts.reduce((sum, text) => sum + encode(text).length, 0),
    );
    const errorPercent = 100 * (bytes / bytesPerToken / tokens! - 1);
    return { kind, bytes, 'bytes per token': ratio(bytes, tokens!), cl100k: ratio(bytes, older!), errorPercent };
  });
  const ofText = rows.filter(({ kind }) => /text|code|indented|minified/.test(kind));
  const worst = Math.max(...ofText.map(({ errorPercent }) => Math.abs(errorPercent)));
  return {
    name: 'tokens',
    question: 'How many bytes of a result, as the SDK measures it, are one token of what the model reads?',
    rows: rows.map(({ errorPercent, ...row }) => ({
      ...row,
      'error of the estimate': `${Math.round(errorPercent)} %`,
    })),
    targets: [
      {
        target: `${bytesPerToken} bytes per token are right to 40 % for text, code and JSON`,
        value: `${Math.round(worst)} %`,
        met: worst <= 40,
      },
    ],
    notes: [
      'Tokens are those of `gpt-tokenizer` (o200k, beside it cl100k). Other models have other tokenizers: of numbers, identifiers and base64 an estimate says half of what there is, or less.',
    ],
  };
}

const ratio = (bytes: number, tokens: number) => Number((bytes / tokens).toFixed(2));

await runWhenMain(import.meta.url, run);
