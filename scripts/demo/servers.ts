/** The six servers of the demo and the calls a busy day brings each of them. */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Random } from './random.ts';

export interface ToolCall {
  name: string;
  arguments: Record<string, unknown>;
}

/** What the next call is made from. */
export interface Moment {
  random: Random;
  /** Whether the incident is on: broad searches and long forecasts, which these servers answer slowly. */
  incident: boolean;
}

export type NextCall = (moment: Moment) => ToolCall;

export interface DemoServer {
  title: string;
  /** Arguments of `node`. */
  args: string[];
  env: Record<string, string>;
  /** How many callers there are at a time. */
  callers: number;
  nextCall: NextCall;
}

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** A published server, started as it is but for the preload that adds the one line. */
function thirdParty(name: string, ...args: string[]): string[] {
  const program = createRequire(import.meta.url).resolve(`@modelcontextprotocol/${name}/dist/index.js`);
  return ['--import', pathToFileURL(here('./preload/monitor.mjs')).href, program, ...args];
}

const example = (folder: string): string[] => ['--import', 'tsx', here(`../../examples/${folder}/server.ts`)];

/** @param filesDir an empty directory that the filesystem server may use */
export function demoServers(filesDir: string): DemoServer[] {
  return [
    { title: 'server-everything', args: thirdParty('server-everything'), env: {}, callers: 1, nextCall: everything },
    {
      title: 'server-filesystem',
      args: thirdParty('server-filesystem', filesDir),
      env: {},
      callers: 1,
      nextCall: filesystem(filesDir),
    },
    {
      title: 'server-memory',
      args: thirdParty('server-memory'),
      env: { MEMORY_FILE_PATH: join(filesDir, '..', 'memory.jsonl') },
      callers: 1,
      nextCall: memory,
    },
    {
      title: 'server-sequential-thinking',
      args: thirdParty('server-sequential-thinking'),
      env: { DISABLE_THOUGHT_LOGGING: 'true' },
      callers: 1,
      nextCall: thinking,
    },
    { title: 'examples/high-level-v1', args: example('high-level-v1'), env: {}, callers: 4, nextCall: shop },
    { title: 'examples/v2', args: example('v2'), env: {}, callers: 2, nextCall: weather },
  ];
}

const call = (name: string, args: Record<string, unknown> = {}): ToolCall => ({ name, arguments: args });

const everything: NextCall = ({ random }) =>
  random.weighted([
    [8, call('echo', { message: 'hello' })],
    [8, call('get-sum', { a: random.integer(1, 99), b: random.integer(1, 99) })],
    [3, call('get-structured-content', { location: random.pick(['New York', 'Chicago', 'Los Angeles']) })],
    [3, call('get-tiny-image')],
    [1, call('trigger-long-running-operation', { duration: 0.2, steps: 2 })],
  ]);

function filesystem(filesDir: string): NextCall {
  const file = (n: number) => join(filesDir, `note-${n}.txt`);
  return ({ random }) =>
    random.weighted([
      [
        5,
        call('write_file', { path: file(random.integer(1, 12)), content: 'a line\n'.repeat(random.integer(1, 400)) }),
      ],
      // The last few files are never written: reading them fails, as it does in life.
      [10, call('read_text_file', { path: file(random.integer(1, 13)) })],
      [4, call('list_directory', { path: filesDir })],
      [2, call('directory_tree', { path: filesDir })],
      [2, call('search_files', { path: filesDir, pattern: `*-${random.integer(1, 9)}*` })],
    ]);
}

const memory: NextCall = ({ random }) => {
  const name = `person-${random.integer(1, 60)}`;
  return random.weighted([
    [4, call('create_entities', { entities: [{ name, entityType: 'person', observations: ['likes tea'] }] })],
    [3, call('create_relations', { relations: [{ from: name, to: 'person-1', relationType: 'knows' }] })],
    [6, call('search_nodes', { query: name })],
    [2, call('read_graph')],
    [4, call('open_nodes', { names: [name] })],
  ]);
};

const thinking: NextCall = ({ random }) => {
  const thoughtNumber = random.integer(1, 5);
  const rest = { thoughtNumber, totalThoughts: 5, nextThoughtNeeded: thoughtNumber < 5 };
  return call('sequentialthinking', { thought: 'Compare the two plans.', ...rest });
};

const shop: NextCall = ({ random, incident }) => {
  const name = random.pick(['lamp', 'desk', 'chair', 'shelf', 'rug', 'clock', 'vase']);
  return random.weighted([
    [10, call('search_products', { query: incident && random.chance(0.6) ? '' : name.slice(0, 2) })],
    [8, call('get_product', { name })],
    [3, call('quote_shipping', { name, country: random.pick(['PT', 'KE', 'NO']) })],
    [5, call('reserve_stock', { name: random.chance(0.1) ? 'mirror' : name })],
  ]);
};

const weather: NextCall = ({ random, incident }) => {
  const city = random.pick(['Lisbon', 'Oslo', 'Nairobi', 'Quito']);
  return random.weighted([
    [6, call('current_weather', { city })],
    [4, call('forecast', { city, days: incident ? random.integer(10, 14) : random.integer(1, 3) })],
  ]);
};
