/**
 * Starts a server as its client would, greets it, asks for its tools and closes its stdin: does it keep stdout for the
 * protocol, does it end, and has what monitors it measured anything? Measurements go to a collector of the check's own.
 */
import type { ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { endServerProcess, startServerProcess, tellingComplaint, within } from '../serverProcess.ts';
import { type CountingCollector, startCountingCollector } from './countingCollector.ts';
import { type Finding, ok, problem, warning } from './finding.ts';

export interface StartedServer {
  name: string;
  command: string;
  args: readonly string[];
  env?: Readonly<Record<string, string>>;
  cwd?: string | undefined;
  /** Whether it is set up to be monitored; when false, measuring nothing is no fault. */
  isMonitored: boolean;
}

/** How long a server may take; a package runner may have to download it first. */
export interface Patience {
  answerMs: number;
  exitMs: number;
}

const PATIENCE: Patience = { answerMs: 60_000, exitMs: 5_000 };

const GREETING = {
  protocolVersion: '2025-06-18',
  capabilities: {},
  clientInfo: { name: 'mcp-vitals doctor', version: '1' },
};

export async function tryServer(server: StartedServer, patience = PATIENCE): Promise<Finding[]> {
  const collector = await startCountingCollector();
  try {
    const behaviour = await converse(server, collector, patience);
    return judge(server, behaviour, collector.batches, patience);
  } finally {
    collector.close();
  }
}

interface Behaviour {
  answered: boolean;
  /** How it ended by itself, in words; undefined when it had to be killed. */
  ending: string | undefined;
  endedBeforeItAnswered: boolean;
  strangeLine: string | undefined;
  /** What it said on stderr that tells most. */
  complaint: string | undefined;
}

async function converse(server: StartedServer, collector: CountingCollector, patience: Patience): Promise<Behaviour> {
  const env = { ...process.env, ...server.env, MCP_VITALS_URL: collector.url, MCP_VITALS_DATA: collector.dataDir };
  const started = startServerProcess({ ...server, env });
  const strangeLines: string[] = [];
  const first = await within(patience.answerMs, Promise.race([greet(started.child, strangeLines), started.ended]));
  const ending = await endServerProcess(started, patience.exitMs);
  return {
    answered: first === 'answered',
    ending,
    endedBeforeItAnswered: first !== undefined && first !== 'answered',
    strangeLine: strangeLines[0],
    complaint: tellingComplaint(started.complaints),
  };
}

function judge(server: StartedServer, behaviour: Behaviour, batches: number, patience: Patience): Finding[] {
  const { name, isMonitored } = server;
  const { answered, ending, strangeLine } = behaviour;
  const findings = [judgeAnswer(name, behaviour)];
  if (strangeLine !== undefined)
    findings.push(
      problem(
        name,
        `writes to stdout what is no message: ${strangeLine.slice(0, 80)}`,
        'Have it write to stderr instead: clients end such a connection, or wait.',
      ),
    );
  else if (answered) findings.push(ok(name, 'keeps stdout for the protocol'));
  if (ending === undefined)
    findings.push(
      problem(
        name,
        `still runs ${patience.exitMs / 1_000} s after its stdin ended`,
        'Have it end when stdin does: clients leave it behind otherwise.',
      ),
    );
  else if (answered) findings.push(ok(name, 'ends when its stdin does'));
  if (isMonitored && answered) findings.push(judgeMeasurements(name, batches));
  return findings;
}

function judgeAnswer(name: string, { answered, ending, endedBeforeItAnswered, complaint }: Behaviour): Finding {
  if (answered) return ok(name, 'answers');
  const said = complaint === undefined ? '' : `; it said: ${complaint}`;
  return problem(
    name,
    endedBeforeItAnswered ? `ends before it answers (${ending})${said}` : `does not answer${said}`,
    'Run its command in a terminal, and read what it says on stderr.',
  );
}

/** Resolves once the server has said what its tools are. */
async function greet(child: ChildProcess, strangeLines: string[]): Promise<'answered'> {
  const say = (message: object) => child.stdin!.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
  child.stdin!.on('error', () => {});
  say({ id: 1, method: 'initialize', params: GREETING });
  return new Promise((resolve) => {
    createInterface({ input: child.stdout! }).on('line', (line) => {
      const id = idOf(line);
      if (id === undefined) strangeLines.push(line);
      if (id === 1) {
        say({ method: 'notifications/initialized' });
        say({ id: 2, method: 'tools/list', params: {} });
      }
      if (id === 2) resolve('answered');
    });
  });
}

/** The id of a message, `null` for one without; undefined when the line is no message. */
function idOf(line: string): unknown {
  try {
    const message = JSON.parse(line) as { jsonrpc?: unknown; id?: unknown } | null;
    return message?.jsonrpc === '2.0' ? (message.id ?? null) : undefined;
  } catch {
    return undefined;
  }
}

function judgeMeasurements(name: string, batches: number): Finding {
  if (batches > 0) return ok(name, 'is measured');
  return warning(
    name,
    'is set up to be monitored, but nothing was measured',
    'Look for lines of mcp-vitals on its stderr, and for MCP_VITALS=off; or use the proxy: `mcp-vitals wrap`.',
  );
}
