/** What the built package brings along: the outside sees this, so it is pinned. */
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const DIST = fileURLToPath(new URL('../../../packages/sdk/dist/', import.meta.url));

interface BuiltFile {
  name: string;
  text: string;
}

const files: BuiltFile[] = readdirSync(DIST)
  .filter((name) => name.endsWith('.mjs'))
  .map((name) => ({ name, text: readFileSync(join(DIST, name), 'utf8') }));

/** Modules that `text` imports at once, and those it imports when it needs them. */
function importsOf(text: string) {
  const all = (pattern: RegExp) => [...text.matchAll(pattern)].map(([, name]) => name!);
  return {
    static: all(/^(?:import|export)\s*(?:[\w*{}\s,$]+\sfrom\s*)?["']([^"']+)["']/gm),
    dynamic: all(/\bimport\(["']([^"']+)["']\)/g),
  };
}

/** Everything that `import '@mcp-vitals/sdk'` loads of our own packages, by following static imports. */
function loadedAtOnce(path: string, seen = new Set<string>()): Set<string> {
  if (seen.has(path)) return seen;
  seen.add(path);
  for (const name of importsOf(readFileSync(path, 'utf8')).static) {
    if (name.startsWith('.')) loadedAtOnce(join(dirname(path), name), seen);
    else if (name.startsWith('@mcp-vitals/')) loadedAtOnce(createRequire(path).resolve(name), seen);
    else seen.add(name);
  }
  return seen;
}

describe('the built SDK', () => {
  it('loads neither zod nor undici nor an MCP SDK when it is imported', () => {
    const outside = [...loadedAtOnce(join(DIST, 'index.mjs'))].filter(
      (name) => !name.startsWith('/') && !name.startsWith('node:'),
    );
    expect(outside.map((name) => name.split('/')[0])).toEqual(['msgpackr']);
  });

  it('loads what serves metrics where they are served, and not before', () => {
    const names = [...loadedAtOnce(join(DIST, 'index.mjs'))];
    expect(names.filter((name) => /prometheus|prom-client|node:zlib|\/start-/.test(name))).toEqual([]);
    const preloaded = readFileSync(join(DIST, 'preloaded.cjs'), 'utf8');
    expect(preloaded).not.toMatch(/prom-client|node:zlib/);
    expect(preloaded).toMatch(/then\(\(\) => require\("\.\/start-[^"]*\.cjs"\)\)/);
  });

  it("sends by Node's own means", () => {
    const dynamic = files.flatMap(({ text }) => importsOf(text).dynamic).filter((name) => !name.startsWith('.'));
    expect(dynamic.sort()).toEqual(['node:https', 'prom-client']);
  });

  it('exports these names', async () => {
    expect(Object.keys(await import(join(DIST, 'index.mjs'))).sort()).toEqual([
      'createMonitor',
      'getMonitor',
      'outcomeOfAnswer',
      'outcomeOfCancel',
      'outcomeOfError',
      'schemeOf',
      'withMonitoring',
    ]);
    expect(Object.keys(await import(join(DIST, 'spool.mjs')))).toEqual(['claimSpool']);
  });
});
