/** `mcp-vitals top`: how everything is at the moment, on a terminal, until somebody has seen enough. */
import { type Command, Option } from 'commander';
import { systemClock } from '../clock.ts';
import type { ConfigFlags } from '../config/load.ts';
import { askOwnCollector } from '../daemon/askCollector.ts';
import { readDiscovery } from '../daemon/discovery.ts';
import { VitalsError } from '../errors.ts';
import { configOf, withConfigOptions } from './configOptions.ts';
import { printAnswer, styleOfStdout } from './terminal/output.ts';
import { painterFor } from './terminal/style.ts';
import { drawOnce } from './top/drawOnce.ts';
import { type Ask, askFigures, toolsPath } from './top/poller.ts';
import { HANGUP_CODE, TopSession } from './top/session.ts';
import { SORT_KEYS, type SortKey, type ViewState } from './top/viewState.ts';
import { type WorkspaceFlag, withWorkspaceOption } from './workspaceOption.ts';

interface TopFlags extends ConfigFlags, WorkspaceFlag {
  sort: SortKey;
  reverse?: boolean;
  tools?: boolean;
  server?: string;
  interval: string;
  once?: boolean;
  json?: boolean;
}

export function topCommand(program: Command): void {
  withConfigOptions(
    withWorkspaceOption(program.command('top'))
      .description('watch servers and their tools: health, calls, errors, p95, alerts; q quits')
      .addOption(new Option('--sort <order>', 'what comes first').choices(SORT_KEYS).default('health'))
      .option('--reverse', 'last first')
      .option('--tools', 'tools of all servers')
      .option('--server <name>', 'tools of this server')
      .option('--interval <seconds>', 'time between two looks', '2')
      .option('--once', 'print one table and end, as on a pipe')
      .option('--json', 'print what the collector answers, once'),
  ).action(async ({ once, json, interval, sort, reverse, tools, server, workspace, ...flags }: TopFlags) => {
    const { dataDir } = configOf(flags).config;
    const ask: Ask = (path) => askOwnCollector(dataDir, 'GET', path, { scope: 'read', workspace });
    const state = stateOf({ sort, reverse, tools, server });
    if (json) {
      const path = state.view === 'servers' ? '/api/v1/overview' : toolsPath(state.server);
      printAnswer(json, await ask(path), () => '');
    } else if (once || !isLive()) {
      console.log(drawOnce(await askFigures(ask, state), state, styleOfStdout()));
    } else {
      await watch({ ask, dataDir, intervalMs: intervalMsOf(interval), state });
    }
  });
}

/** Keys and a screen to draw on; without either there is one table. */
function isLive(): boolean {
  return process.stdin.isTTY === true && process.stdout.isTTY === true && process.env.TERM !== 'dumb';
}

async function watch(options: { ask: Ask; dataDir: string; intervalMs: number; state: ViewState }): Promise<void> {
  const { stdin, stdout, env } = process;
  const session = new TopSession({
    ...options,
    stdin,
    stdout,
    clock: systemClock,
    paint: painterFor(stdout, env),
    address: () => readDiscovery(options.dataDir)?.url ?? options.dataDir,
  });
  const code = await session.run();
  // Node aborts when it exits and cannot restore a terminal that is gone; the signal that says so ends it as well.
  if (code === HANGUP_CODE) process.kill(process.pid, 'SIGHUP');
  // A request that is under way is not waited for.
  process.exit(code);
}

type StateFlags = Pick<TopFlags, 'sort'> & { [Flag in 'reverse' | 'tools' | 'server']: TopFlags[Flag] | undefined };

function stateOf({ sort, reverse = false, tools = false, server }: StateFlags): ViewState {
  const view = tools || server !== undefined ? 'tools' : 'servers';
  return { view, server, sort, isReversed: reverse, filter: '', isTyping: false, selected: undefined };
}

const MAX_INTERVAL_SECONDS = 86_400;

/** @throws VitalsError `invalid` */
function intervalMsOf(text: string): number {
  const seconds = Number(text);
  if (seconds >= 0.1 && seconds <= MAX_INTERVAL_SECONDS) return 1_000 * seconds;
  throw new VitalsError('invalid', `--interval ${text}: no number of seconds from 0.1 to ${MAX_INTERVAL_SECONDS}`);
}
