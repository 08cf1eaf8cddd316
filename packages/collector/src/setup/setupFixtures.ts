/** Random configuration files as people and programs write them, and a launcher to set them up with. */
import fc from 'fast-check';
import type { Launcher } from './launcher.ts';

export const LAUNCHER: Launcher = {
  node: '/opt/node/bin/node',
  bin: '/opt/lib/node_modules/@mcp-vitals/collector/bin/mcp-vitals.mjs',
  registerUrl: 'file:///opt/lib/node_modules/@mcp-vitals/collector/bin/register.mjs',
};

const word = fc.constantFrom(
  'server.js',
  '-y',
  '--',
  '',
  'a b',
  'ünï"\\\n',
  '%PATH% & $HOME',
  '\u2028\u001b[31m',
  'wrap',
);
const command = fc.constantFrom('node', '/usr/bin/node', 'C:\\node.exe', 'npx', 'uvx', 'python3', 'docker', './run me');
const env = fc.dictionary(
  fc.constantFrom('KEY', 'NODE_OPTIONS', 'PATH'),
  fc.constantFrom('', 'x', '--max-old-space-size=99'),
);
const anything = fc.jsonValue({ maxDepth: 2 });

const stdioServer = fc.record(
  {
    type: fc.constant('stdio'),
    command,
    args: fc.array(word, { maxLength: 3 }),
    env,
    disabled: fc.boolean(),
    cwd: word,
    'x-unknown': anything,
  },
  { requiredKeys: ['command'] },
);
const remoteServer = fc.record({ url: fc.webUrl(), headers: env, 'x-unknown': anything }, { requiredKeys: ['url'] });
const collector = fc.record({ command: fc.constant(LAUNCHER.node), args: fc.constant([LAUNCHER.bin, 'stdio']) });
const oddServer = fc.oneof(fc.constant({}), fc.constant({ command: 'x', args: [1, null] }), fc.record({ env }));
const name = fc.oneof(fc.string(), fc.constantFrom('files', 'mcp-vitals', '__proto__', 'a.b', 'projects'));
const servers = fc.dictionary(
  name,
  fc.oneof({ weight: 6, arbitrary: stdioServer }, { weight: 1, arbitrary: remoteServer }, collector, oddServer),
  { maxKeys: 4 },
);

/** The contents of a client's file. */
export const configuration = fc.record(
  {
    mcpServers: servers,
    servers,
    projects: fc.dictionary(name, fc.record({ mcpServers: servers, history: anything }, { requiredKeys: [] }), {
      maxKeys: 2,
    }),
    'x-other': anything,
    inputs: anything,
  },
  { requiredKeys: [] },
);

/** How a file is written: each choice is taken in turn wherever there is one. */
const style = fc.record({
  eol: fc.constantFrom('\n', '\r\n'),
  unit: fc.constantFrom('  ', '    ', '\t'),
  mode: fc.constantFrom('pretty', 'tight', 'one line', 'wild'),
  choices: fc.array(fc.nat(20), { minLength: 1, maxLength: 40 }),
  byteOrderMark: fc.boolean(),
});

/** A configuration file: its text, and what is in it. */
export const configFile = fc.tuple(configuration, style).map(([value, how]) => ({
  value,
  text: (how.byteOrderMark ? '\uFEFF' : '') + new Writer(how).write(value),
}));

type Style = typeof style extends fc.Arbitrary<infer T> ? T : never;

class Writer {
  private taken = 0;
  constructor(private readonly style: Style) {}

  write(value: unknown): string {
    return `${this.gap('')}${this.value(value, '')}${this.gap('')}`;
  }

  private value(value: unknown, indent: string): string {
    if (typeof value !== 'object' || value === null) return JSON.stringify(value);
    const inner = indent + this.style.unit;
    const items = Array.isArray(value)
      ? value.map((item) => this.value(item, inner))
      : Object.entries(value).map(([key, item]) => `${JSON.stringify(key)}${this.colon()}${this.value(item, inner)}`);
    const [open, close] = Array.isArray(value) ? '[]' : '{}';
    if (items.length === 0) return `${open}${this.gap('')}${close}`;
    const body = items.map((item, index) => this.item(item, index, inner)).join('');
    return `${open}${body}${this.trailingComma()}${this.lineEnd(indent)}${close}`;
  }

  private item(item: string, index: number, indent: string): string {
    const comma = index === 0 ? '' : `${this.gap(indent)},`;
    const between = this.style.mode === 'one line' ? (index === 0 ? '' : ' ') : this.lineEnd(indent);
    return `${comma}${between}${item}`;
  }

  private colon(): string {
    return { pretty: ': ', tight: ':', 'one line': ': ', wild: `${this.gap('')}:${this.gap('')}` }[this.style.mode];
  }

  private lineEnd(indent: string): string {
    const { mode, eol } = this.style;
    return { pretty: eol + indent, tight: '', 'one line': '', wild: this.gap(indent) }[mode];
  }

  private trailingComma(): string {
    return this.style.mode === 'wild' && this.choose(4) === 0 ? `${this.gap('')},` : '';
  }

  /** White space and comments that may stand anywhere between two tokens. */
  private gap(indent: string): string {
    const { mode, eol } = this.style;
    if (mode !== 'wild') return '';
    const gaps = ['', ' ', eol + indent, `// note, "x": {${eol}`, '/* , } */', ` /*${eol}*/ `, `${eol}${eol}\t`];
    return gaps[this.choose(gaps.length)]!;
  }

  private choose(count: number): number {
    const { choices } = this.style;
    this.taken += 1;
    return (choices[this.taken % choices.length]! + this.taken) % count;
  }
}
