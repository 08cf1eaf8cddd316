/**
 * The main job, `npm start`: a collector, four published MCP servers and the two examples, each monitored; half a minute
 * of traffic from a real client; then the collector's eight questions and their answers. Everything happens under
 * `.demo-data/` and on a port of its own, and is gone when it ends.
 *
 *     npm start -- --seconds 10     a shorter run
 *     npm start -- --keep           go on until Ctrl-C, as on a terminal
 *     npm start -- --no-keep        end on a terminal as well
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { Client } from '@modelcontextprotocol/client';
import { differences, formatAnswer } from './answer.ts';
import { writeBaseline } from './baseline.ts';
import { findBottlenecks } from './bottlenecks.ts';
import { type Collector, runCommand, startCollector } from './collector.ts';
import { connectStdio } from './connect.ts';
import { CallCounts, waitForCounts } from './counts.ts';
import { nextSteps } from './nextSteps.ts';
import { askEverything } from './questions.ts';
import { createScreen, type Screen } from './screen.ts';
import { demoServers } from './servers.ts';
import { type Driven, driveTraffic } from './traffic.ts';

/** Not the collector's default port: a demo must not be taken for the real thing. */
const DEMO_PORT = 16_848;
const DAY_MS = 86_400_000;
const DEFAULT_DIR = fileURLToPath(new URL('../../.demo-data', import.meta.url));

interface DemoOptions {
  seconds: number;
  keep: boolean;
  port: number;
  directory: string;
}

function readOptions(args: string[]): DemoOptions {
  const { values } = parseArgs({
    args,
    allowNegative: true,
    options: {
      seconds: { type: 'string', default: '30' },
      // Who sits in front of it wants to look at the page.
      keep: { type: 'boolean', default: process.stdout.isTTY === true },
      port: { type: 'string', default: String(DEMO_PORT) },
      directory: { type: 'string', default: DEFAULT_DIR },
    },
  });
  const seconds = Number(values.seconds);
  const port = Number(values.port);
  if (!(seconds > 0 && seconds <= 3600)) throw new Error(`--seconds takes a number up to 3600, not ${values.seconds}`);
  if (!(Number.isInteger(port) && port >= 0 && port < 65_536))
    throw new Error(`--port takes a port, not ${values.port}`);
  return { seconds, keep: values.keep, port, directory: values.directory };
}

/** What has to be undone, newest first, whatever happens. */
class Cleanup {
  readonly #steps: (() => Promise<void>)[] = [];

  add(step: () => Promise<void>): void {
    this.#steps.unshift(step);
  }

  async run(): Promise<void> {
    for (const step of this.#steps.splice(0)) await step();
  }
}

async function demo(options: DemoOptions, screen: Screen, cleanup: Cleanup, signal: AbortSignal): Promise<number> {
  const dataDir = join(options.directory, 'collector');
  rmSync(options.directory, { recursive: true, force: true });
  mkdirSync(join(options.directory, 'files'), { recursive: true });

  screen.progress('Starting the collector');
  const baseline = join(options.directory, 'baseline');
  writeBaseline(baseline, Date.now());
  await runCommand(dataDir, 'import', baseline);
  const collector = await startCollector({ dataDir, port: options.port });
  cleanup.add(() => collector.stop());
  screen.print(` Watch it happen: ${screen.paint('cyan', await collector.pageLink())}`);

  const servers = await startServers(collector, options.directory, screen, cleanup);
  const counts = new CallCounts();
  const fromMs = Date.now();
  const ticker = setInterval(() => screen.progress(progressLine(fromMs, options.seconds, counts)), 250);
  await driveTraffic(servers, options.seconds * 1000, counts, signal).finally(() => clearInterval(ticker));
  if (signal.aborted) return 130;

  screen.progress('Asking the collector');
  const [command, ...args] = collector.command('stdio');
  const monitor = await connectStdio({
    command,
    args,
    env: collector.env,
    logFile: join(options.directory, 'stdio.log'),
  });
  cleanup.add(() => monitor.close());
  const all = await waitForCounts(monitor, { fromMs, calls: counts.calls });
  // The collector monitors itself too; what is compared and shown is what this client called.
  const counted = new Map([...all].filter(([server]) => counts.byServer.has(server)));
  const answers = await askEverything(monitor, { fromMs, toMs: Date.now() + 1000 });

  const bottlenecks = await findBottlenecks(dataDir);

  const outcome = { answers, bottlenecks, sent: counts.byServer, counted, seconds: options.seconds };
  screen.print();
  for (const line of [
    ...formatAnswer(outcome, screen.paint),
    '',
    ...(await nextSteps(collector, options, screen.paint)),
  ])
    screen.print(line);
  if (options.keep) {
    screen.print('\n It goes on: the servers are called and the page is live. Ctrl-C ends it.');
    await goOn(servers, signal);
  }
  const wrong = differences(counts.byServer, counted);
  for (const tool of wrong) screen.print(`counted differently: ${tool}`);
  return wrong.length === 0 ? 0 : 1;
}

async function startServers(
  collector: Collector,
  directory: string,
  screen: Screen,
  cleanup: Cleanup,
): Promise<Driven[]> {
  const filesDir = join(directory, 'files');
  for (let n = 1; n <= 12; n++) writeFileSync(join(filesDir, `note-${n}.txt`), 'a first line\n');
  const definitions = demoServers(filesDir);
  screen.progress(`Starting ${definitions.length} MCP servers, each monitored`);
  return Promise.all(
    definitions.map(async ({ title, args, env, callers, nextCall }) => {
      const logFile = join(directory, `${title.replaceAll('/', '-')}.log`);
      const client: Client = await connectStdio({
        command: process.execPath,
        args,
        env: { ...collector.env, ...env },
        logFile,
      });
      cleanup.add(() => client.close());
      return { client, callers, nextCall };
    }),
  );
}

function progressLine(fromMs: number, seconds: number, { calls, errors, byServer }: CallCounts): string {
  const elapsed = Math.min(seconds, (Date.now() - fromMs) / 1000);
  const width = 24;
  const done = Math.round((width * elapsed) / seconds);
  const bar = '='.repeat(done) + ' '.repeat(width - done);
  return `[${bar}] ${elapsed.toFixed(0)} of ${seconds} s, ${byServer.size} servers, ${calls} calls, ${errors} errors`;
}

/** Until the signal; Ctrl-C reaches the servers as well, so calls under way may fail at the end. */
async function goOn(servers: readonly Driven[], signal: AbortSignal): Promise<void> {
  try {
    await driveTraffic(servers, DAY_MS, new CallCounts(), signal);
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

const screen = createScreen(process.stdout, process.env);
const cleanup = new Cleanup();
const stopping = new AbortController();
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => stopping.abort());

try {
  const options = readOptions(process.argv.slice(2));
  process.exitCode = await demo(options, screen, cleanup, stopping.signal);
} catch (error) {
  screen.print();
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
} finally {
  screen.clearProgress();
  await cleanup.run();
}
