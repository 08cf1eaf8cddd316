/** Which commands look at one workspace, and that they see nothing else of a collector that several share. */
import type { Command } from 'commander';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { thresholdIdOf } from '../alert/thresholds.ts';
import { systemClock } from '../clock.ts';
import { anomalyIdOf } from '../model/anomaly.ts';
import { openSqliteStore } from '../store/sqlite/sqliteStore.ts';
import { testConfig } from '../store/storeFixtures.ts';
import { newDataDir, startTestCollector, type TestCollector } from '../testing/testCollector.ts';
import {
  alertIdOf,
  anomalyOf,
  CANARIES,
  ruleOf,
  scopeOf,
  seedWorkspaces,
  serverOf,
  silenceIdOf,
} from '../testing/twoWorkspaces.ts';
import { createProgram } from './program.ts';

const NOW = Date.now();

/** Of a command that has no `--workspace`: why there is nothing to choose. */
const EXEMPT: Readonly<Record<string, string>> = {
  serve: 'is the collector that all share',
  init: 'changes files of MCP clients on this machine',
  doctor: 'looks at this machine and its data directory',
  'token list': 'tokens are listed for whoever hands them out, with their workspaces',
  'token revoke': 'names a token',
  'notify status': 'channels belong to the whole collector',
  'notify test': 'channels belong to the whole collector',
  grafana: 'writes files for one Grafana, which sees what Prometheus has of all',
  prometheus: 'writes files for one Prometheus, which scrapes the whole collector',
  bench: 'calls a server itself, and asks no collector',
  benchmark: 'targets are of the settings, and belong to no workspace',
  config: 'settings belong to the whole collector',
  export: 'copies a whole store',
  import: 'fills a whole store',
  migrate: 'copies a whole store',
};

/** Where `--workspace` says something else than what is looked at. */
const OTHER_MEANINGS = ['wrap', 'dashboard', 'token create'];

/** What is asked within `team-a`: a command line that prints what there is, for each command that takes the option. */
const QUESTIONS: Readonly<Record<string, readonly string[]>> = {
  status: [],
  top: ['--once'],
  monitor: ['--duration', '1', '--history'],
  bottlenecks: ['--last', '7d', '--threshold', 'low'],
  query: ['--last', '7d'],
  explain: [anomalyIdOf(anomalyOf('team-a', NOW))],
  analysis: ['--range', 'week', '--type', 'detailed'],
  cost: ['--last', '7d'],
  report: ['--last', '7d'],
  trends: ['--period', 'week'],
  gate: ['--from', `1-${CANARIES['team-a']}`, '--to', `2-${CANARIES['team-a']}`, '--server', serverOf('team-a')],
  optimize: ['--list'],
  audit: [],
  'alerts list': ['--status', 'all'],
  'alerts acknowledge': [alertIdOf('team-a')],
  'alerts mark': [alertIdOf('team-a'), 'useful'],
  'alerts quality': [],
  'alerts propose': [],
  'alerts objectives': [],
  'alerts rules': [],
  'alerts thresholds': [],
  'alerts silences': [],
  'alerts silence': ['*', '--minutes', '5'],
};

/** Their answers have no name of a server or tool in them. */
const NAMES_NO_SERVER = 'monitor,alerts acknowledge,alerts mark,alerts quality,alerts propose,alerts silence'.split(
  ',',
);

/** They take a name, print one word, and are asked for the name of something in another workspace. */
const REMOVALS: Readonly<Record<string, string>> = {
  'alerts unsilence': silenceIdOf('team-b'),
  'alerts remove-rule': ruleOf('team-b'),
  'alerts remove-threshold': thresholdIdOf(scopeOf('team-b')),
};

/** Answers MCP on stdin and stdout; asked in workspaces.test.ts. */
const ASKED_ELSEWHERE = ['stdio'];

let collector: TestCollector;
beforeAll(async () => {
  const dataDir = newDataDir();
  const store = await openSqliteStore({ dataDir, config: testConfig(dataDir), clock: systemClock, ballastBytes: 0 });
  await seedWorkspaces(store, NOW);
  await store.close();
  collector = await startTestCollector([], { dataDir });
}, 60_000);
afterEach(() => {
  vi.restoreAllMocks();
  process.exitCode = undefined;
});
afterAll(() => collector.stop());

async function leaves(): Promise<Map<string, Command>> {
  const walk = (command: Command, name: string): [string, Command][] =>
    command.commands.length === 0
      ? [[name, command]]
      : command.commands.flatMap((each) => walk(each, `${name} ${each.name()}`.trim()));
  return new Map(walk(await createProgram([]), ''));
}

const hasOption = (command: Command) => command.options.some(({ long }) => long === '--workspace');

/** Runs a command line within `team-a`, and returns what it printed. */
async function run(name: string, args: readonly string[]): Promise<string> {
  const lines: unknown[] = [];
  vi.spyOn(console, 'log').mockImplementation((line) => void lines.push(line));
  const words = [...name.split(' '), ...args, '--data-dir', collector.dataDir, '--workspace', 'team-a'];
  await (await createProgram(words)).parseAsync(words, { from: 'user' });
  return lines.join('\n');
}

describe('--workspace', () => {
  it('is there on every command that shows or changes what belongs to a workspace', async () => {
    const commands = [...(await leaves())];
    const names = (isThere: boolean) =>
      commands.filter(([, command]) => hasOption(command) === isThere).map(([name]) => name);
    expect(names(false).sort()).toEqual(Object.keys(EXEMPT).sort());
    const asked = [...Object.keys(QUESTIONS), ...Object.keys(REMOVALS), ...ASKED_ELSEWHERE, ...OTHER_MEANINGS];
    expect(names(true).sort()).toEqual(asked.sort());
  });

  it('says the same wherever it means the same', async () => {
    const described = [...(await leaves())]
      .filter(([name, command]) => hasOption(command) && !OTHER_MEANINGS.includes(name))
      .map(([, { options }]) => options.find(({ long }) => long === '--workspace')!.description);
    expect(new Set(described)).toEqual(new Set(['only servers of this workspace']));
  });

  it.each(Object.entries(QUESTIONS))('%s shows nothing of others', async (name, args) => {
    const printed = await run(name, args);
    expect(printed).not.toMatch(new RegExp(`${CANARIES['team-b']}|${CANARIES.default}`, 'i'));
    if (NAMES_NO_SERVER.includes(name)) expect(printed).not.toBe('');
    else expect(printed).toContain(CANARIES['team-a']);
  });

  it.each(Object.entries(REMOVALS))('%s removes nothing of others', async (name, id) => {
    await expect(run(name, [id])).rejects.toMatchObject({ code: 'not_found' });
  });

  it('is refused where it names no workspace', async () => {
    const words = ['status', '--data-dir', collector.dataDir, '--workspace', 'No Such'];
    await expect((await createProgram(words)).parseAsync(words, { from: 'user' })).rejects.toMatchObject({
      code: 'invalid',
    });
  });
});
