import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type FilePlan, planInit } from './planInit.ts';
import { replaceFile } from './replaceFile.ts';
import { LAUNCHER } from './setupFixtures.ts';
import { undoInit } from './undoInit.ts';
import { writeInit } from './writeInit.ts';

const BEFORE = `{
  "mcpServers": {
    "a": { "command": "uvx", "args": ["a"] }, // of ours
    "b": { "command": "node", "args": ["b.js"] }
  }
}
`;

let folder: string;
let dataDir: string;
let path: string;

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'mcp-vitals-undo-')));
  dataDir = join(folder, 'data');
  path = join(folder, 'mcp.json');
  writeFileSync(path, BEFORE);
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

const read = () => readFileSync(path, 'utf8');
const edit = (change: (text: string) => string) => writeFileSync(path, change(read()));

function plan(file = path): FilePlan {
  const [planned] = planInit({ files: [file], search: false, launcher: LAUNCHER });
  if (planned === undefined || 'problem' in planned) throw planned?.problem;
  return planned;
}

const init = (file = path) => writeInit(plan(file), dataDir);

describe('undo', () => {
  test('gives back the bytes of a file that is as init left it', () => {
    const record = init()!;
    expect(read()).not.toBe(BEFORE);
    expect(readFileSync(record.backup, 'utf8')).toBe(BEFORE);
    expect(undoInit(dataDir)).toEqual([{ path, outcome: 'restored', left: [], stillOurs: [], backups: [] }]);
    expect(read()).toBe(BEFORE);
    expect(undoInit(dataDir)).toEqual([]);
  });

  test('goes back over several runs, with what others wrote in between', () => {
    init();
    edit((text) => text.replace('"mcpServers": {', '"mcpServers": {\n    "new": { "command": "deno" }, // theirs'));
    init();
    expect(read()).toContain('"deno"]');
    expect(undoInit(dataDir)).toMatchObject([{ outcome: 'taken_back', left: [] }]);
    expect(read()).toBe(
      BEFORE.replace('"mcpServers": {', '"mcpServers": {\n    "new": { "command": "deno" }, // theirs'),
    );
  });

  test('does without the copy when that is no longer what was kept', () => {
    const { backup } = init()!;
    writeFileSync(backup, 'damaged');
    expect(undoInit(dataDir)).toMatchObject([{ outcome: 'taken_back', left: [] }]);
    expect(read()).toBe(BEFORE);
  });

  test('finds nothing to take back where others have removed all servers', () => {
    init();
    writeFileSync(path, '{"mcpServers": null}');
    expect(undoInit(dataDir)).toMatchObject([{ outcome: 'taken_back', left: [], stillOurs: [] }]);
    expect(read()).toBe('{"mcpServers": null}');
  });

  test('passes over a record that was never finished, since its file was not touched', () => {
    const { folder: kept } = init()!;
    const written = read();
    writeFileSync(join(kept, 'record.json'), '{ "version": 1, ');
    expect(undoInit(dataDir)).toEqual([]);
    expect(read()).toBe(written);
  });

  test('gives a command back as it was spelled', () => {
    edit((text) => text.replace('"uvx"', '"\\u0075vx"'));
    init();
    expect(read()).toContain('"--", "uvx", "a"]');
    edit((text) => `${text}\n`);
    undoInit(dataDir);
    expect(read()).toBe(`${BEFORE.replace('"uvx"', '"\\u0075vx"')}\n`);
  });

  test('keeps what others changed in the servers that it unwraps', () => {
    init();
    edit((text) =>
      text.replace('"uvx", "a"', '"pipx", "run", "a"').replace('"--import"', '"--trace-warnings", "--import"'),
    );
    expect(undoInit(dataDir)).toMatchObject([{ outcome: 'taken_back', left: [] }]);
    expect(read()).toContain('"a": { "command": "pipx", "args": ["run", "a"] }, // of ours');
    expect(read()).toContain('"b": { "command": "node", "args": ["--trace-warnings", "b.js"] }');
  });

  test('accepts what others took back already, and leaves what it cannot tell', () => {
    init();
    edit((text) =>
      text
        .replace(/"--import", "[^"]*", /, '')
        .replace('"wrap", "--"', '"wrap", "--name", "x", "--"')
        .replace('"stdio"', '"stdio", "--log-level", "debug"'),
    );
    const edited = read();
    const [undone] = undoInit(dataDir);
    expect(undone).toMatchObject({ outcome: 'taken_back', backups: [join(dataDir, 'setup', '1', 'before-mcp.json')] });
    expect(undone!.left.map(({ location }) => location.at(-1))).toEqual(['a', 'mcp-vitals']);
    expect(read()).toBe(edited);
    expect(readFileSync(undone!.backups[0]!, 'utf8')).toBe(BEFORE);
    edit((text) => text.replace(', "--log-level", "debug"', ''));
    expect(undoInit(dataDir)[0]!.left.map(({ location }) => location.at(-1))).toEqual(['a']);
  });

  test('names what was wrapped by init and has another name now', () => {
    init();
    edit((text) => text.replace('"a": {', '"renamed": {'));
    const [undone] = undoInit(dataDir);
    expect(undone).toMatchObject({
      outcome: 'taken_back',
      left: [],
      stillOurs: [{ name: 'renamed', monitoring: 'proxy' }],
    });
    expect(read()).toContain('"b": { "command": "node", "args": ["b.js"] }');
    expect(read()).not.toContain('"mcp-vitals"');
  });

  test('is for the given files only, when some are given', () => {
    const other = join(folder, 'other.json');
    writeFileSync(other, BEFORE);
    init();
    init(other);
    expect(undoInit(dataDir, [other]).map((file) => file.path)).toEqual([other]);
    expect(readFileSync(other, 'utf8')).toBe(BEFORE);
    expect(read()).not.toBe(BEFORE);
  });

  test('touches nothing and forgets nothing when the file is broken or gone', () => {
    init();
    const written = read();
    writeFileSync(path, '{ "mcpServers": ');
    const [broken] = undoInit(dataDir);
    expect(broken).toMatchObject({ outcome: 'failed', backups: [expect.stringContaining('before-mcp.json')] });
    expect(broken!.problem!.message).toContain(`${path}:1:17: not valid JSON`);
    rmSync(path);
    expect(undoInit(dataDir)[0]!.problem!.message).toBe(`${path} does not exist`);
    writeFileSync(path, written);
    expect(undoInit(dataDir)).toMatchObject([{ outcome: 'restored' }]);
    expect(read()).toBe(BEFORE);
  });
});

describe('writing', () => {
  test('keeps the mode, follows links, and leaves no other file behind', () => {
    chmodSync(path, 0o640);
    const link = join(folder, 'link.json');
    symlinkSync(path, link);
    init(link);
    expect(lstatSync(link).isSymbolicLink()).toBe(true);
    expect(statSync(path).mode & 0o777).toBe(0o640);
    expect(read()).toContain('"wrap"');
    expect(readdirSync(folder).sort()).toEqual(['data', 'link.json', 'mcp.json']);
    undoInit(dataDir, [link]);
    expect(read()).toBe(BEFORE);
    expect(lstatSync(link).isSymbolicLink()).toBe(true);
    expect(statSync(path).mode & 0o777).toBe(0o640);
  });

  test('a file that is reached twice is planned once', () => {
    const link = join(folder, 'link.json');
    symlinkSync(path, link);
    expect(planInit({ files: [path, link], search: false, launcher: LAUNCHER })).toHaveLength(1);
  });

  test('what is kept is for its owner only', () => {
    const { folder: kept, backup } = init()!;
    expect(statSync(kept).mode & 0o777).toBe(0o700);
    expect([backup, join(kept, 'record.json')].map((file) => statSync(file).mode & 0o777)).toEqual([0o600, 0o600]);
  });

  test('a file that changed since it was planned for is left alone', () => {
    const planned = plan();
    edit((text) => text.replace('uvx', 'pipx'));
    expect(() => writeInit(planned, dataDir)).toThrow(/was changed by another program meanwhile/);
    expect(read()).toBe(BEFORE.replace('uvx', 'pipx'));
    expect(undoInit(dataDir)).toEqual([]);
  });

  test('a file that cannot be replaced stays, and nothing of the attempt remains', () => {
    const occupied = join(folder, 'occupied');
    mkdirSync(occupied);
    expect(() => replaceFile(occupied, Buffer.from('{}'))).toThrow(/occupied cannot be written: E/);
    expect(readdirSync(folder).sort()).toEqual(['mcp.json', 'occupied']);
  });
});
