/**
 * How well does detection find incidents, and how often is it wrong? Scores all methods with the scorers and the data of a folder, and with
 * `--write` puts the tables into `docs/detection.md`.
 *
 *     npm run bench:detection -- --scorers DIR --data DIR [--seeds 1,2] [--write]
 *
 * The scorers' folder holds `synth.mjs`, `synth-score.mjs`, `nab-score.mjs` and `kpi-score.mjs`; the data's `nab/` and `kpi/`.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { SENSITIVITIES, STATISTICAL_METHODS } from '../../packages/collector/src/model/anomaly.ts';
import { replaceBetweenMarkers } from '../../scripts/generatedSection.ts';
import type { ServerColumns, ToolColumns } from './adaptive.ts';
import * as adaptive from './adaptive.ts';
import { detect as deviation } from './deviation.ts';
import * as isolationForest from './isolationForest.ts';
import { detect as novelty } from './novelty.ts';
import { detectServerBy, detectToolBy, scoreBy } from './statistical.ts';

const PAGE = new URL('../../docs/detection.md', import.meta.url);
const WINDOWS = { '1h': 60, '6h': 360, '24h': 1_440 } as const;
/** Windows of the specified methods are hours of minutes; metrics of the benchmark are mostly read every five. */
const NAB_WINDOW = 288;

interface Telemetry {
  tools: ToolColumns[];
  servers: ServerColumns[];
}

interface SynthScore {
  recall: number;
  precision: number;
  faPerToolDay: number;
  delayMedian: number;
  types: Record<string, { found: number; total: number; delayMedian: number }>;
  clear: { recall: number };
  benign: Record<string, { flagged: number; total: number }>;
}

interface Scorers {
  generate(options: { seed: string; tools: number; days: number }): Telemetry;
  scoreSynth(
    data: Telemetry[],
    flagsOf: (data: Telemetry, entity: ToolColumns | ServerColumns) => Uint8Array,
  ): SynthScore;
  loadCorpus(data: string, labels: string): NabFile[];
  prepare(files: NabFile[]): NabFile[];
  scoreCorpus(files: NabFile[], fixed: undefined): Record<string, { nab: number }>;
  loadKpi(folder: string): KpiSeries[];
  curve(
    series: KpiSeries[],
    scores: Float64Array[],
    from: (s: KpiSeries) => number,
    to: (s: KpiSeries) => number,
  ): unknown;
  bestThreshold(curve: unknown): number;
  f1At(curve: unknown, threshold: number): { f1: number; p: number; r: number };
}

interface NabFile {
  values: number[];
  timestamps: number[];
  scores?: ArrayLike<number>;
}

interface KpiSeries {
  values: Float64Array;
  t: Float64Array;
}

type Row = Record<string, string | number>;

async function loadScorers(folder: string): Promise<Scorers> {
  const files = ['synth.mjs', 'synth-score.mjs', 'nab-score.mjs', 'kpi-score.mjs'];
  const modules = await Promise.all(files.map((file) => import(pathToFileURL(resolve(folder, file)).href)));
  return Object.assign({}, ...modules) as Scorers;
}

interface Method {
  name: string;
  detectTool(tool: ToolColumns): Uint8Array;
  detectServer(server: ServerColumns): Uint8Array;
}

/** Those whose figures hardly differ from seed to seed, and take longest. */
function* comparedMethods(): Generator<Method> {
  for (const method of STATISTICAL_METHODS) {
    for (const [window, windowMinutes] of Object.entries(WINDOWS)) {
      for (const sensitivity of SENSITIVITIES) {
        const options = { method, sensitivity, windowMinutes };
        yield {
          name: `${method}, ${window}, ${sensitivity}`,
          detectTool: (tool) => detectToolBy(options, tool),
          detectServer: (server) => detectServerBy(options, server),
        };
      }
    }
  }
  yield { name: 'isolation forest', ...isolationForest };
}

function* adaptiveMethods(): Generator<Method> {
  for (const sensitivity of SENSITIVITIES) {
    yield {
      name: `adaptive, ${sensitivity}`,
      detectTool: (tool) => adaptive.detectTool(tool, sensitivity),
      detectServer: adaptive.detectServer,
    };
  }
}

function scoreTelemetry(scorers: Scorers, seeds: readonly string[]): { rows: Row[]; types: Row[] } {
  const data = seeds.map((seed) => scorers.generate({ seed, tools: 40, days: 14 }));
  let types: Row[] = [];
  const rowOf =
    (telemetry: Telemetry[]) =>
    ({ name, detectTool, detectServer }: Method) => {
      const score = scorers.scoreSynth(telemetry, (_, entity) =>
        'mem' in entity ? detectServer(entity) : detectTool(entity),
      );
      console.error(`${name}: recall ${score.recall.toFixed(3)}, precision ${score.precision.toFixed(3)}`);
      if (name === 'adaptive, medium') types = typesOf(score);
      const benign = Object.values(score.benign);
      const flagged = sum(benign.map((each) => each.flagged)) / Math.max(1, sum(benign.map((each) => each.total)));
      return {
        method: name,
        recall: score.recall.toFixed(3),
        'recall of clear': score.clear.recall.toFixed(3),
        precision: score.precision.toFixed(3),
        'false alarms per tool-day': score.faPerToolDay.toFixed(2),
        'median delay, min': Number.isNaN(score.delayMedian) ? '-' : score.delayMedian,
        'benign flagged': `${(100 * flagged).toFixed(1)} %`,
      };
    };
  const rows = [
    ...Array.from(comparedMethods(), rowOf(data.slice(0, 1))),
    ...Array.from(adaptiveMethods(), rowOf(data)),
  ];
  return { rows, types };
}

function typesOf({ types }: SynthScore): Row[] {
  return Object.entries(types).map(([incident, { found, total, delayMedian }]) => ({
    incident: incident.replaceAll('_', ' '),
    found: `${found} of ${total}`,
    'median delay, min': delayMedian,
  }));
}

function scoreNab(scorers: Scorers, data: string): Row[] {
  const files = scorers.prepare(scorers.loadCorpus(join(data, 'nab/data'), join(data, 'nab/windows.json')));
  const detectors: Record<string, (values: number[]) => ArrayLike<number>> = {
    ...Object.fromEntries(
      STATISTICAL_METHODS.map((method) => [method, (values: number[]) => scoreBy(method, values, NAB_WINDOW)]),
    ),
    'isolation forest': isolationForest.scoreValues,
    adaptive: novelty,
  };
  return Object.entries(detectors).map(([method, detect]) => {
    const scored = scorers.scoreCorpus(
      files.map((file) => ({ ...file, scores: detect(file.values) })),
      undefined,
    );
    const nab = (profile: string) => scored[profile]!.nab.toFixed(1);
    console.error(`NAB ${method}: ${nab('standard')}`);
    return {
      method,
      standard: nab('standard'),
      'low FP': nab('reward_low_FP_rate'),
      'low FN': nab('reward_low_FN_rate'),
    };
  });
}

/** The threshold comes from the first half of each series, the score from the second. */
function scoreKpi(scorers: Scorers, data: string): Row[] {
  const series = scorers.loadKpi(join(data, 'kpi'));
  const half = ({ values }: KpiSeries) => Math.floor(values.length / 2);
  const scores = series.map(({ values, t }) => deviation(values, t));
  const threshold = scorers.bestThreshold(scorers.curve(series, scores, () => 0, half));
  const { f1, p, r } = scorers.f1At(
    scorers.curve(series, scores, half, ({ values }) => values.length),
    threshold,
  );
  return [
    {
      method: 'adaptive',
      F1: f1.toFixed(3),
      precision: p.toFixed(3),
      recall: r.toFixed(3),
      threshold: threshold.toFixed(2),
    },
  ];
}

function table(rows: readonly Row[]): string {
  const heads = Object.keys(rows[0]!);
  const line = (cells: readonly (string | number)[]) => `| ${cells.join(' | ')} |`;
  return [line(heads), line(heads.map(() => '---')), ...rows.map((row) => line(heads.map((head) => row[head]!)))].join(
    '\n',
  );
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

const { values: options } = parseArgs({
  options: {
    scorers: { type: 'string' },
    data: { type: 'string' },
    seeds: { type: 'string', default: '1,2' },
    write: { type: 'boolean', default: false },
  },
});
if (options.scorers === undefined || options.data === undefined) {
  console.error('Where are the scorers and the data? --scorers DIR --data DIR');
  process.exit(2);
}
const scorers = await loadScorers(options.scorers);
const seeds = options.seeds.split(',');
const telemetry = scoreTelemetry(scorers, seeds);
const section = [
  `Made-up telemetry of 40 tools over 14 days, seeds ${seeds.join(', ')}, the other methods by the first of them. "Clear" are incidents that say 20 nats or more to who knows the truth.`,
  table(telemetry.rows),
  'What `adaptive` finds, at medium:',
  table(telemetry.types),
  "Numenta Anomaly Benchmark, the half that was at hand, threshold by the scorer; `adaptive` is the watch on metrics of servers' own:",
  table(scoreNab(scorers, options.data)),
  'AIOps 2018 KPI data, threshold from the first half of each series, scored on the second:',
  table(scoreKpi(scorers, options.data)),
].join('\n\n');
if (options.write) writeFileSync(PAGE, replaceBetweenMarkers(readFileSync(PAGE, 'utf8'), 'scores', section));
else console.log(section);
