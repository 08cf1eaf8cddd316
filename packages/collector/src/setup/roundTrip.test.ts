/** Whatever a configuration looks like: `init` changes what it says it changes, once, and all of it can be taken back. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { getNodeValue, visit } from 'jsonc-parser';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { documentBytes, parseDocument, parseText } from './configDocument.ts';
import { type FilePlan, planInit } from './planInit.ts';
import { revertChange } from './revertChange.ts';
import { configFile, LAUNCHER } from './setupFixtures.ts';
import { undoInit } from './undoInit.ts';
import { writeInit } from './writeInit.ts';

type Json = Record<string, unknown>;

let folder: string;
let dataDir: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mcp-vitals-init-'));
  dataDir = join(folder, 'data');
  path = join(folder, 'mcp.json');
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

function planOf(text: string, inDataDir?: string): FilePlan {
  writeFileSync(path, text);
  const [plan] = planInit({ files: [path], search: false, launcher: LAUNCHER, dataDir: inDataDir });
  if (plan === undefined || 'problem' in plan) throw plan?.problem ?? new Error('no plan');
  return plan;
}

/** As plain objects, where `__proto__` is a name like any other. */
const plain = (value: unknown): Json => JSON.parse(JSON.stringify(value)) as Json;
const valueIn = (text: string): Json => plain(getNodeValue(parseText(text.replace(/^\uFEFF/, ''))!));

function commentsOf(text: string): string[] {
  const comments: string[] = [];
  const note = (offset: number, length: number) => void comments.push(text.slice(offset, offset + length));
  visit(text, { onComment: note }, { disallowComments: false });
  return comments;
}

/** The servers of a configuration by their place, whatever list they are in. */
function entriesIn(value: Json): Map<string, Json> {
  const projects = Object.entries((value.projects ?? {}) as Record<string, Json>);
  const lists: [name: string, servers: unknown][] = [
    ['mcpServers', value.mcpServers],
    ['servers', value.servers],
    ...projects.map(([project, { mcpServers }]): [string, unknown] => [JSON.stringify(project), mcpServers]),
  ];
  return new Map(
    lists.flatMap(([list, servers]) =>
      Object.entries((servers ?? {}) as Record<string, Json>).map(
        ([name, entry]) => [`${list} ${name}`, entry] as const,
      ),
    ),
  );
}

test('nothing but the planned servers is changed, and every comment stays', () => {
  fc.assert(
    fc.property(configFile, fc.boolean(), ({ text, value }, elsewhere) => {
      const plan = planOf(text, elsewhere ? '/data' : undefined);
      const after = plan.after.toString();
      expect(commentsOf(after)).toEqual(commentsOf(text));
      const before = entriesIn(plain(value));
      const now = entriesIn(valueIn(after));
      expect([...now.keys()].filter((key) => !before.has(key)).length).toBe(
        plan.changes.filter(({ kind }) => kind === 'add').length,
      );
      const touched = new Set(plan.changes.map(({ location }) => JSON.stringify(location)));
      expect(touched.size).toBe(plan.changes.length);
      for (const [key, entry] of before) {
        const { command, args = [], env = {}, ...rest } = entry;
        const { command: newCommand, args: newArgs = [], env: newEnv = {}, ...newRest } = now.get(key)!;
        expect(newRest).toEqual(rest);
        expect(newEnv).toMatchObject(env as Json);
        if (Array.isArray(args) && Array.isArray(newArgs)) {
          expect(args.length === 0 ? [] : newArgs.slice(-args.length)).toEqual(args);
          if (newCommand !== command) expect(newArgs.slice(1, 4)).toEqual(['wrap', '--', command]);
        }
      }
    }),
  );
});

test('init twice is init once', () => {
  fc.assert(
    fc.property(configFile, ({ text }) => {
      const again = planOf(planOf(text).after.toString());
      expect(again.changes).toEqual([]);
      expect(again.after).toEqual(again.before);
    }),
  );
});

test('undo restores every byte', () => {
  fc.assert(
    fc.property(configFile, ({ text }) => {
      const plan = planOf(text);
      const record = writeInit(plan, dataDir);
      expect(readFileSync(path, 'utf8')).toBe(plan.after.toString());
      expect(undoInit(dataDir)).toEqual(
        record ? [{ path: plan.realPath, outcome: 'restored', left: [], stillOurs: [], backups: [] }] : [],
      );
      expect(readFileSync(path, 'utf8')).toBe(text);
      expect(record ? readdirSync(join(dataDir, 'setup')) : []).toEqual([]);
    }),
  );
});

test('without the copy the text comes back as well, but for blanks before a closing bracket', () => {
  fc.assert(
    fc.property(configFile, fc.boolean(), ({ text }, elsewhere) => {
      const plan = planOf(text, elsewhere ? '/data' : undefined);
      const document = parseDocument(path, plan.after);
      let reverted = document.text;
      for (const change of [...plan.changes].reverse()) {
        const step = revertChange(reverted, change);
        expect(step.outcome).toBe('reverted');
        reverted = step.text;
      }
      const squeeze = (json: string) => json.replace(/\s+(?=[\]}])/g, '');
      expect(squeeze(documentBytes({ ...document, text: reverted }).toString())).toBe(squeeze(text));
    }),
  );
});

test('what others write in between stays', () => {
  mkdirSync(dataDir);
  fc.assert(
    fc.property(configFile, ({ text, value }) => {
      const plan = planOf(text);
      writeInit(plan, dataDir);
      // A client writes the file anew, in its own layout, with a server and a key more.
      const theirs = (config: Json) => ({
        ...config,
        mcpServers: { ...(config.mcpServers as Json), 'of-theirs': { command: 'npx', args: ['x'] } },
        counter: 1,
      });
      writeFileSync(path, JSON.stringify(theirs(valueIn(plan.after.toString())), null, 1));
      const undone = undoInit(dataDir);
      expect(undone.flatMap(({ left }) => left)).toEqual([]);
      expect(valueIn(readFileSync(path, 'utf8'))).toEqual(plain(theirs(plain(value))));
    }),
  );
});

test('a file that was damaged anywhere is refused, or set up as any other', () => {
  const damage = fc.record({
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    cut: fc.nat(3),
    put: fc.constantFrom(...'{}[]",:/*\\\0\u00a0', ''),
  });
  fc.assert(
    fc.property(configFile, damage, ({ text }, { at, cut, put }) => {
      const offset = Math.floor(at * text.length);
      const damaged = text.slice(0, offset) + put + text.slice(offset + cut);
      writeFileSync(path, damaged);
      const [plan] = planInit({ files: [path], search: false, launcher: LAUNCHER });
      if ('problem' in plan!) {
        expect(plan.problem.message).toContain(path);
      } else {
        expect(planOf(plan!.after.toString()).changes).toEqual([]);
        expect(commentsOf(plan!.after.toString())).toEqual(commentsOf(damaged));
      }
    }),
  );
});
