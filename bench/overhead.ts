/**
 * What does monitoring add to a tool call? Ours beside an ideal wrapper, two metric libraries at the same seam, and
 * whole products that monitor MCP servers. Every measurement is a process of its own; processes of all variants take
 * turns, and medians over them are reported. What is measured, and how each
 * variant is set up: `peers/measure.mjs`, `peers/variants.mjs`.
 */

import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { promisify } from 'node:util';
import { type BenchResult, runWhenMain, type Target } from './result.ts';
import { median } from './support/median.ts';
import { installPeers, PEERS_DIRECTORY } from './support/peers.ts';
import { openSink, type Sink } from './support/sink.ts';

const OURS = 'mcp-vitals';
const SEAM = ['bare', 'ideal', OURS, 'prom-client histogram', 'OpenTelemetry histogram'];
const PRODUCTS = [
  '@sentry/node, tracesSampleRate 0.1',
  '@sentry/node, tracesSampleRate 1',
  '@posthog/mcp',
  'agentcat',
  '@shinzolabs/instrumentation-mcp',
];
const PROCESSES = 5;

type Level = 'low-level' | 'McpServer';

/** A variant on one kind of server. Products need `McpServer`: some of them miss the other one. */
interface Subject {
  variant: string;
  level: Level;
}

const SUBJECTS: readonly Subject[] = [
  ...SEAM.map((variant) => ({ variant, level: 'low-level' as const })),
  ...['bare', OURS, ...PRODUCTS].map((variant) => ({ variant, level: 'McpServer' as const })),
];

/** A steady load: as fast as the issue is interesting for a wrapper, slower for products that could not keep up. */
const PACE = { 'low-level': { callsPerSecond: 10_000, seconds: 4 }, McpServer: { callsPerSecond: 500, seconds: 4 } };
const QUIET_PACE = { callsPerSecond: 100, seconds: 20 };

interface Pairs {
  usPerCall: number;
  addedUs: number;
  wrapUs: number;
}

interface Continuous {
  usPerCall: number;
}

interface Paced {
  cpuUsPerCall: number;
  keptKb: number;
  calls: number;
  requests: number;
  bytes: number;
}

interface Measured {
  pairs: Pairs;
  /** Only of `McpServer`: what products put off until later turns is seen in no other way. */
  continuous: Continuous | undefined;
  paced: Paced;
}

const execute = promisify(execFile);

/** Runs one measurement in a process of its own, in a home directory that is thrown away. */
async function measureOnce<Result>(
  subject: Subject,
  what: 'pairs' | 'continuous' | 'paced',
  settings: object,
  sink: Sink,
): Promise<Result> {
  const home = mkdtempSync(join(tmpdir(), 'mcp-vitals-bench-'));
  const sdk = new URL('../packages/sdk/dist/index.mjs', import.meta.url).href;
  const environment = { HOME: home, USERPROFILE: home, MCP_VITALS_DATA: join(home, 'data'), MCP_VITALS_URL: sink.url };
  const args = ['--expose-gc', 'measure.mjs', subject.variant, subject.level, sink.url, what, JSON.stringify(settings)];
  sink.take();
  try {
    const env = { ...process.env, ...environment, BENCH_SDK: sdk };
    const { stdout } = await execute(process.execPath, args, { cwd: PEERS_DIRECTORY, env });
    const line = stdout.trimEnd().split('\n').at(-1)!;
    return { ...JSON.parse(line), ...sink.take() } as Result;
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

async function measure(subject: Subject, sink: Sink): Promise<Measured> {
  const isQuick = subject.level === 'low-level';
  const pairs = isQuick ? { rounds: 60, calls: 1_000 } : { rounds: 60, calls: 200 };
  const continuous = { blocks: 5, calls: 2_000 };
  return {
    pairs: await measureOnce<Pairs>(subject, 'pairs', pairs, sink),
    continuous: isQuick ? undefined : await measureOnce<Continuous>(subject, 'continuous', continuous, sink),
    paced: await measureOnce<Paced>(subject, 'paced', PACE[subject.level], sink),
  };
}

/** Milliseconds that a process lives longer when it imports what the variant needs. */
function importMs(): Map<string, number> {
  const sdk = new URL('../packages/sdk/dist/index.mjs', import.meta.url).href;
  const modules: Record<string, string[]> = {
    bare: [],
    [OURS]: [sdk],
    'prom-client histogram': ['prom-client'],
    'OpenTelemetry histogram': ['@opentelemetry/sdk-metrics'],
    '@sentry/node, tracesSampleRate 0.1': ['@sentry/node'],
    '@sentry/node, tracesSampleRate 1': ['@sentry/node'],
    '@posthog/mcp': ['@posthog/mcp', 'posthog-node'],
    agentcat: ['agentcat'],
    '@shinzolabs/instrumentation-mcp': ['@shinzolabs/instrumentation-mcp'],
  };
  const times = new Map(Object.keys(modules).map((name) => [name, [] as number[]]));
  for (let round = 0; round < 9; round += 1) {
    for (const [name, specifiers] of Object.entries(modules)) {
      const program = `${specifiers.map((specifier) => `import ${JSON.stringify(specifier)};`).join('')}process.exit(0)`;
      const startedMs = performance.now();
      execFileSync(process.execPath, ['--input-type=module', '-e', program], { cwd: PEERS_DIRECTORY });
      times.get(name)!.push(performance.now() - startedMs);
    }
  }
  const bare = times.get('bare')!;
  return new Map([...times].map(([name, own]) => [name, median(own.map((ms, round) => ms - bare[round]!))]));
}

/**
 * Medians of a subject over its processes; CPU and memory as what they are more than those of the bare server. So is
 * the time that a product adds; a wrapper that puts nothing off is measured in pairs, which is a hundred times finer.
 */
function summarise({ variant }: Subject, all: readonly Measured[], bare: readonly Measured[]) {
  const over = (pick: (measured: Measured) => number) => median(all.map(pick));
  const overBare = (pick: (measured: Measured) => number) => over(pick) - median(bare.map(pick));
  const steadyUs = ({ continuous, pairs }: Measured) => (continuous ?? pairs).usPerCall;
  return {
    usPerCall: over(steadyUs),
    addedUs: PRODUCTS.includes(variant) ? overBare(steadyUs) : over(({ pairs }) => pairs.addedUs),
    wrapUs: over(({ pairs }) => pairs.wrapUs),
    addedCpuUs: overBare(({ paced }) => paced.cpuUsPerCall),
    keptKb: overBare(({ paced }) => paced.keptKb),
    requestsPerCall: over(({ paced }) => paced.requests / paced.calls),
    bytesPerCall: over(({ paced }) => paced.bytes / paced.calls),
  };
}

type Summary = ReturnType<typeof summarise>;

export async function run(): Promise<BenchResult> {
  installPeers();
  const sink = await openSink();
  const measured = new Map(SUBJECTS.map((subject) => [subject, [] as Measured[]]));
  for (let round = 0; round < PROCESSES; round += 1) {
    for (const subject of SUBJECTS) measured.get(subject)!.push(await measure(subject, sink));
  }
  const quiet = await measureOnce<Paced>({ variant: OURS, level: 'low-level' }, 'paced', QUIET_PACE, sink);
  sink.close();
  const imports = importMs();
  const find = (variant: string, level: Level) =>
    SUBJECTS.find((subject) => subject.variant === variant && subject.level === level)!;
  const summaries = new Map(
    SUBJECTS.map((subject) => [
      subject,
      summarise(subject, measured.get(subject)!, measured.get(find('bare', subject.level))!),
    ]),
  );
  const of = (variant: string, level: Level) => summaries.get(find(variant, level))!;
  const noiseUs = spread(measured.get(find('bare', 'low-level'))!.map(({ paced }) => paced.cpuUsPerCall));
  return {
    name: 'overhead',
    question:
      'What does monitoring add to a tool call? `low-level`: the recording alone, at the same seam, 10,000 calls/s for CPU and memory. `McpServer`: whole products with their defaults, calls without a pause for the time, 500 calls/s for CPU and memory.',
    rows: SUBJECTS.map((subject) => row(subject, summaries.get(subject)!, imports.get(subject.variant))),
    targets: targets({ of, noiseUs, quietBytesPerCall: quiet.bytes / quiet.calls }),
    notes: NOTES,
  };
}

const NOTES = [
  'Where the limit is: the ideal reads the clock twice, follows the promise and stores a number, and knows neither name nor outcome. A third of prom-client, and a hundredth of the cheapest product, are about what the ideal alone takes; on a quiet machine we are at it, on a busy one above.',
  'Not comparable: the histograms send nothing here, and keep one sum per bucket where we keep what quantiles need. The products send a span or an event per call, some with its content; their bytes buy other things than ours.',
];

/** Half of the distance between the greatest and the least. */
function spread(values: readonly number[]): number {
  return (Math.max(...values) - Math.min(...values)) / 2;
}

function row(
  { variant, level }: Subject,
  summary: Summary,
  importedMs: number | undefined,
): BenchResult['rows'][number] {
  const isBare = variant === 'bare';
  return {
    wrapper: variant,
    server: level,
    'µs per call': summary.usPerCall.toFixed(2),
    'added µs': summary.addedUs.toFixed(2),
    'added CPU µs': isBare ? '' : summary.addedCpuUs.toFixed(1),
    'KB kept': isBare ? '' : summary.keptKb.toFixed(0),
    'requests per 1,000 calls': (summary.requestsPerCall * 1_000).toFixed(1),
    'bytes sent per call': summary.bytesPerCall.toFixed(1),
    'import ms': isBare || importedMs === undefined ? '' : importedMs.toFixed(0),
    'µs to wrap a server': isBare ? '' : summary.wrapUs.toFixed(1),
  };
}

interface Figures {
  of(variant: string, level: Level): Summary;
  noiseUs: number;
  quietBytesPerCall: number;
}

function targets({ of, noiseUs, quietBytesPerCall }: Figures): Target[] {
  const ours = of(OURS, 'low-level');
  const oursOnMcpServer = of(OURS, 'McpServer');
  const cheapest = Math.min(...PRODUCTS.map((product) => of(product, 'McpServer').addedUs));
  return [
    verdict('added µs above the ideal wrapper, at most 0.3', ours.addedUs - of('ideal', 'low-level').addedUs, 0.3),
    verdict(
      "added µs as a share of prom-client's, at most 0.33",
      ours.addedUs / of('prom-client histogram', 'low-level').addedUs,
      1 / 3,
    ),
    verdict("added µs as a share of the cheapest product's, at most 0.01", oursOnMcpServer.addedUs / cheapest, 0.01, 4),
    verdict(
      `added CPU µs per call at 10,000 calls/s with sending, at most 1.5 beyond the noise of bare servers (±${noiseUs.toFixed(2)})`,
      ours.addedCpuUs,
      1.5 + noiseUs,
    ),
    verdict('µs to wrap a server with 10 tools, at most 20', oursOnMcpServer.wrapUs, 20),
    verdict('bytes on the wire per call at 100 calls/s over 10 tools, at most 20', quietBytesPerCall, 20),
  ];
}

function verdict(target: string, value: number, atMost: number, digits = 2): Target {
  return { target, value: value.toFixed(digits), met: value <= atMost };
}

await runWhenMain(import.meta.url, run);
