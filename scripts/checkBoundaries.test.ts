import { expect, it } from 'vitest';
import { readModuleFacts } from './boundaries/moduleFacts.ts';
import { checkFile, unitOf } from './boundaries/rules.ts';
import { checkAll, PACKAGES, RESERVED, sourceFiles } from './checkBoundaries.ts';

/** Complaints about one file with this content, as `line message`. */
function complaints(path: string, source: string): string[] {
  const file = { path, ...readModuleFacts(path, source) };
  return checkFile(file, PACKAGES, RESERVED).map(({ line, message }) => `${line} ${message}`);
}

it('finds nothing to say about this repository', () => {
  const files = sourceFiles();
  expect(files.length).toBeGreaterThan(10);
  expect(checkAll(files)).toEqual([]);
});

it('refuses a stage that imports a sibling stage, naming the line', () => {
  const source = `import { VitalsError } from '../errors.ts';\nimport { decide } from '../alert/decide.ts';`;
  expect(complaints('packages/collector/src/detect/evaluate.ts', source)).toEqual([
    '2 detect/ may not import alert/decide.ts',
  ]);
});

it('tells types of a port from its values', () => {
  const path = 'packages/collector/src/alert/rules.ts';
  expect(complaints(path, `import type { Store } from '../store/store.ts';`)).toEqual([]);
  expect(complaints(path, `import { type Store, type TimeRange } from '../store/store.ts';`)).toEqual([]);
  expect(complaints(path, `import { type Config, configSchema } from '../config/schema.ts';`)).toEqual([
    '1 alert/ may import only types of config/schema.ts',
  ]);
  expect(complaints(path, `import type { openStore } from '../store/open.ts';`)).toEqual([
    '1 alert/ may not import store/open.ts',
  ]);
});

it('lets the composing files import everything', () => {
  const source = `import { a } from './store/a.ts';\nimport { b } from './alert/b.ts';`;
  expect(complaints('packages/collector/src/app.ts', source)).toEqual([]);
});

it('keeps the arrows between packages pointing one way', () => {
  expect(complaints('packages/wire/src/encode.ts', `export { x } from '@mcp-vitals/sdk';`)).toEqual([
    '1 wire may not import @mcp-vitals/sdk',
  ]);
  expect(complaints('packages/sdk/src/batch/batcher.ts', `import('@mcp-vitals/wire/decode');`)).toEqual([
    '1 sdk may not import @mcp-vitals/wire/decode',
  ]);
});

it('reports a file that no unit contains', () => {
  expect(complaints('packages/collector/src/helpers/x.ts', '')).toEqual([
    '1 helpers/x.ts belongs to no unit of collector',
  ]);
  expect(unitOf('store/db/open.ts', { 'store/': [], 'store/db/': [] })).toBe('store/db/');
});

it.each([
  ['packages/collector/src/report/build.ts', 'const q = `SELECT * FROM minutes`;', '1 SQL: SQL never leaves the store'],
  [
    'packages/collector/src/store/rows.ts',
    `import { DatabaseSync } from 'node:sqlite';`,
    '1 node:sqlite: engine differences stay in one folder',
  ],
  [
    'packages/sdk/src/batch/batcher.ts',
    'setTimeout(() => {}, 1);',
    '1 setTimeout: tests move time by hand, and no timer may keep a process alive',
  ],
  [
    'packages/sdk/src/diagnostics.ts',
    `process.stdout.write('x');`,
    '1 process.stdout: stdout belongs to the MCP transport',
  ],
  ['packages/sketch/src/digest.ts', 'console.log(1);', '1 console.log: logs go to stderr through the logger'],
  [
    'packages/sdk/src/options.ts',
    `import { z } from 'zod';`,
    '1 zod: the SDK starts fast and adds one dependency at most',
  ],
])('refuses in %s: %s', (path, source, complaint) => {
  expect(complaints(path, source)).toEqual([complaint]);
});

it('lets through what only looks alike', () => {
  expect(complaints('packages/collector/src/serve/http.ts', 'server.setTimeout(0); options.console.log(1);')).toEqual(
    [],
  );
  expect(complaints('packages/collector/src/serve/http.ts', `const text = 'Select a server from the list';`)).toEqual(
    [],
  );
  expect(complaints('packages/collector/src/store/x.ts', `db.exec('DELETE FROM minutes');`)).toEqual([]);
});
