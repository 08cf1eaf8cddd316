/** One run of `mcp-vitals bench`: connects, plans, says what it is about to do, loads, and ends the server whatever happens. */
import { constants } from 'node:os';
import type { Baseline } from '../../baseline/baseline.ts';
import { type OpenServer, openServer, type ServerAddress } from '../../baseline/connect/openServer.ts';
import { environmentOf } from '../../baseline/environment.ts';
import { isLate, latenessWords } from '../../baseline/load/lateness.ts';
import { loadOfPace } from '../../baseline/load/pace.ts';
import { runLoad } from '../../baseline/load/runLoad.ts';
import { type Plan, planCalls } from '../../baseline/plan/planCalls.ts';
import { systemClock } from '../../clock.ts';
import { VitalsError } from '../../errors.ts';
import { visibleText } from '../../model/visibleText.ts';
import { VERSION } from '../../version.ts';
import { jsonText } from '../terminal/output.ts';
import { createProgress } from '../terminal/progress.ts';
import { shownName } from '../terminal/width.ts';
import type { RunOptions } from './options.ts';

export interface BenchOutcome {
  baseline: Baseline;
  /** Of the same command in the other directory, called in turn with this one; absent unless that was asked for. */
  against: Baseline | undefined;
  /** Of a signal that ended the run. */
  exitCode: number | undefined;
}

const MAX_DETAIL = 500;
const LAST_LINES = 5;

/**
 * @returns undefined after a dry run, which prints what it found, and when it is interrupted before there is anything
 * @throws VitalsError `unavailable` without a server, `invalid` when there is nothing to measure
 */
export async function runBench(options: RunOptions): Promise<BenchOutcome | undefined> {
  // From before the server is started: it is in a group of its own, and a signal that ends us would leave it behind.
  const interruption = interruptible();
  try {
    return await run(options, interruption);
  } catch (error) {
    if (!interruption.signal.aborted) throw error;
    process.exitCode = interruption.exitCode();
    return undefined;
  } finally {
    interruption.stop();
  }
}

async function run(options: RunOptions, interruption: Interruption): Promise<BenchOutcome | undefined> {
  const { address, against, startMs, isDryRun } = options;
  const open = (each: ServerAddress) =>
    openServer({ address: each, startMs, version: VERSION, signal: interruption.signal });
  const server = await open(address);
  try {
    const plan = planCalls(server.tools, options);
    sayPlan(plan, options);
    if (isDryRun) {
      console.log(jsonText(scriptOf(plan)));
      return undefined;
    }
    const other = against && (await open(against));
    try {
      const sides = [{ server, plan }, ...(other ? [{ server: other, plan: planCalls(other.tools, options) }] : [])];
      const [baseline, otherBaseline] = await load(sides, options, interruption.signal);
      return { baseline: baseline!, against: otherBaseline, exitCode: interruption.exitCode() };
    } finally {
      await other?.close();
    }
  } finally {
    await server.close();
  }
}

interface Side {
  server: OpenServer;
  plan: Plan;
}

/** @returns a baseline of each side */
async function load(sides: readonly Side[], options: RunOptions, signal: AbortSignal): Promise<Baseline[]> {
  const progress = createProgress('calls');
  const createdAt = new Date(systemClock.nowMs()).toISOString();
  const { runs, lag, ...ending } = await runLoad({
    ...options,
    tools: sides.flatMap(({ server, plan }) => plan.tools.map((tool) => ({ ...tool, target: server }))),
    clock: systemClock,
    signal,
    onProgress: (done, total) => progress.update({ done, total }),
    onFirstFailure: (tool, detail) => {
      if (options.showsErrors) say(`${shownName(tool)}: ${visibleText(detail, MAX_DETAIL)}`);
    },
  });
  progress.end();
  const measured = [...runs.values()].flatMap(({ tools }) => tools);
  if (isLate(lag, measured)) say(latenessWords(lag));
  if (ending.endedBecause !== undefined) sayEnd(ending.endedBecause, sides);
  return sides.map(({ server, plan }) => {
    const { tools = [], notMeasured = [] } = runs.get(server) ?? {};
    return {
      createdAt,
      server: server.identity,
      environment: environmentOf(options.address),
      load: loadOf(options),
      tools,
      ...ending,
      notMeasured: [...plan.notMeasured, ...notMeasured],
    };
  });
}

function sayPlan({ tools, notMeasured, mayWrite }: Plan, { calls, isDryRun }: RunOptions): void {
  if (tools.length === 0 && notMeasured.length === 0) {
    throw new VitalsError('invalid', 'The server lists no tool of these names', {
      hint: 'Without --tool and --script, all that it lists are called.',
    });
  }
  for (const { tool, reason, advice } of notMeasured) {
    say(`${shownName(tool)} is left out: ${visibleText(reason, MAX_DETAIL)}. ${advice}`);
  }
  if (isDryRun || tools.length === 0) return;
  const writing = mayWrite.length === 0 ? '' : `; not said to be read-only: ${mayWrite.length}`;
  say(`calling ${tools.length === 1 ? 'one tool' : `${tools.length} tools`} ${calls} times${writing}`);
}

function sayEnd(why: string, sides: readonly Side[]): void {
  say(visibleText(why, MAX_DETAIL));
  const complaints = sides.flatMap(({ server }) => server.complaints);
  for (const line of complaints.slice(-LAST_LINES)) say(`  ${visibleText(line, MAX_DETAIL)}`);
}

function say(line: string): void {
  process.stderr.write(`mcp-vitals: ${line}\n`);
}

function scriptOf({ tools }: Plan): object[] {
  return tools.flatMap(({ tool, variants }) => variants.map((variant) => ({ tool, arguments: variant.arguments })));
}

function loadOf({ calls, warmUpCalls, pace, rounds, timeoutMs, maxToolMs, script }: RunOptions): Baseline['load'] {
  const source = script === undefined ? 'schemas' : 'script';
  return { calls, warmUpCalls, ...loadOfPace(pace), rounds, timeoutMs, maxToolMs, source };
}

interface Interruption {
  signal: AbortSignal;
  /** Of the signal that there was. */
  exitCode(): number | undefined;
  /** Listens no longer. */
  stop(): void;
}

/** The first SIGINT or SIGTERM ends the run, and what was measured is still written; the second ends the process. */
function interruptible(): Interruption {
  const controller = new AbortController();
  let exitCode: number | undefined;
  const interrupt = (signal: 'SIGINT' | 'SIGTERM') => {
    stop();
    exitCode = 128 + constants.signals[signal];
    controller.abort();
  };
  const stop = () => {
    process.removeListener('SIGINT', interrupt);
    process.removeListener('SIGTERM', interrupt);
  };
  process.on('SIGINT', interrupt);
  process.on('SIGTERM', interrupt);
  return { signal: controller.signal, exitCode: () => exitCode, stop };
}
