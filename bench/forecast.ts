/**
 * How good are forecasts and their intervals? Back-tested on synthetic series, and on real ones where a folder of them is given:
 *
 *     npm run bench -- forecast [--data DIR]
 *
 * The folder holds `nab/data`, `mscloud` and `kpi`. Every second series of it, and the seeds 1 and 2, were looked at while the method was
 * made; the figures of the others are the proof, and the rows tell both apart.
 */
import { parseArgs } from 'node:util';
import { forecast } from '../packages/collector/src/analysis/trends/forecast/forecast.ts';
import { HOUR_MS } from '../packages/collector/src/model/rollup.ts';
import { mstl, seasonalNaive } from './forecast/peers.ts';
import { type NamedSeries, readFolder } from './forecast/readSeries.ts';
import { type Forecaster, type Plan, planOf, type Score, score } from './forecast/score.ts';
import { syntheticSeries } from './forecast/syntheticSeries.ts';
import { type BenchResult, runWhenMain } from './result.ts';

const DEVELOPMENT_SEEDS = [1, 2];
const EVALUATION_SEEDS = [11, 12, 13];

const ours: Forecaster = ({ known, stepMs, steps }) => {
  const hasNegative = known.some((value) => value < 0);
  const quantiles = [0.025, 0.5, 0.975];
  const [low, middle, high] = forecast({ values: known, stepMs, steps, quantiles, ...(!hasNegative && { floor: 0 }) })!;
  return { low, middle: middle!, high };
};

interface Tested {
  group: string;
  name: string;
  kind: string;
  isDevelopment: boolean;
  ours: Score;
  mstl: Score;
  /** Of the naive forecast by day (of days: by week), and where two weeks were known, by week. */
  naive: number;
  naiveWeek: number;
}

type Settings = Omit<Plan, 'origins'> & { origins: number };

/** A month ahead of which a week is wanted, and three days of which two are; a third of a year, and half of one. */
const SYNTHETIC_SETTINGS: Record<'hours' | 'days', readonly Settings[]> = {
  hours: [
    { steps: 168, maxKnown: 720, period: 24, origins: 4 },
    { steps: 48, maxKnown: 72, period: 24, origins: 4 },
  ],
  days: [
    { steps: 30, maxKnown: 120, period: 7, origins: 4 },
    { steps: 90, maxKnown: 180, period: 7, origins: 4 },
  ],
};

/** As long as a series allows: hours, half of them known and a month at most. */
function realSettings({ values: { length } }: NamedSeries): Settings {
  const steps = length >= 700 ? 168 : length >= 300 ? 48 : 24;
  return { steps, maxKnown: Math.max(48, Math.min(720, length >> 1)), period: 24, origins: 8 };
}

function test(group: string, series: NamedSeries, settings: Settings, isDevelopment: boolean): Tested[] {
  const { values, stepMs, name, kind } = series;
  const plan = planOf(values.length, settings);
  const scoreOf = (forecaster: Forecaster) => score(values, stepMs, plan, forecaster);
  const [own, peer, naive] = [scoreOf(ours), scoreOf(mstl), scoreOf(seasonalNaive(plan.period))];
  if (own === undefined || peer === undefined || naive === undefined) return [];
  const hasWeeks = stepMs === HOUR_MS && plan.maxKnown >= 336;
  const naiveWeek = hasWeeks ? scoreOf(seasonalNaive(168))!.mase : Number.POSITIVE_INFINITY;
  const length = `${plan.maxKnown} -> ${plan.steps}`;
  const shown = group === 'real' ? kind : `${kind}, ${length}`;
  return [{ group, name, kind: shown, isDevelopment, ours: own, mstl: peer, naive: naive.mase, naiveWeek }];
}

function testSynthetic(seeds: readonly number[], isDevelopment: boolean): Tested[] {
  return syntheticSeries(seeds).flatMap((series) =>
    SYNTHETIC_SETTINGS[series.stepMs === HOUR_MS ? 'hours' : 'days'].flatMap((settings) =>
      test('synthetic', series, settings, isDevelopment),
    ),
  );
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const share = (tested: readonly Tested[], holds: (each: Tested) => boolean) =>
  mean(tested.map((each) => (holds(each) ? 1 : 0)));
const percent = (value: number) => `${(100 * value).toFixed(1)} %`;

const isBetter = ({ ours, naive }: Tested) => ours.mase < naive;
const isBetterThanBoth = ({ ours, naive, naiveWeek }: Tested) => ours.mase < Math.min(naive, naiveWeek);

function rowOf(series: string, tested: readonly Tested[]): Record<string, string | number> {
  const figure = (value: (each: Tested) => number) => Number(mean(tested.map(value)).toFixed(3));
  return {
    series,
    number: tested.length,
    MASE: figure(({ ours }) => ours.mase),
    'naive MASE': figure(({ naive }) => naive),
    'MSTL-ETS MASE': figure(({ mstl }) => mstl.mase),
    'better than naive': percent(share(tested, isBetter)),
    'than the better of naive day and week': percent(share(tested, isBetterThanBoth)),
    'than MSTL-ETS': percent(share(tested, ({ ours, mstl }) => ours.mase < mstl.mase)),
    'within 95 %': percent(mean(tested.map(({ ours }) => ours.coverage))),
    width: figure(({ ours }) => ours.width),
    'MSTL-ETS within': percent(mean(tested.map(({ mstl }) => mstl.coverage))),
    'its width': figure(({ mstl }) => mstl.width),
  };
}

function rowsOf(tested: readonly Tested[]) {
  const kinds = [...new Set(tested.map(({ kind }) => kind))].sort();
  const groups = [...new Set(tested.map(({ group }) => group))];
  const parts = [
    ['held out', (each: Tested) => !each.isDevelopment],
    ['development', (each: Tested) => each.isDevelopment],
  ] as const;
  const totals = groups.flatMap((group) =>
    parts.map(([words, belongs]) => ({
      words: `${group}, ${words}`,
      of: tested.filter((each) => each.group === group && belongs(each)),
    })),
  );
  return [
    ...totals.filter(({ of }) => of.length > 0).map(({ words, of }) => rowOf(`**${words}**`, of)),
    ...kinds.map((kind) =>
      rowOf(
        kind,
        tested.filter((each) => each.kind === kind),
      ),
    ),
  ];
}

function targetsOf(group: string, tested: readonly Tested[]): BenchResult['targets'] {
  const better = share(tested, isBetter);
  const coverage = mean(tested.map(({ ours }) => ours.coverage));
  return [
    {
      target: `${group}, held out: a smaller MASE than the seasonal naive forecast on at least 80 % of the series`,
      value: `${percent(better)} (${percent(share(tested, isBetterThanBoth))} than the better of the daily and the weekly one)`,
      met: better >= 0.8,
    },
    {
      target: `${group}, held out: 90 to 98 % of what happened is within the 95 % interval`,
      value: percent(coverage),
      met: coverage >= 0.9 && coverage <= 0.98,
    },
  ];
}

export async function measureForecasts(data: string | undefined): Promise<BenchResult> {
  const synthetic = [...testSynthetic(EVALUATION_SEEDS, false), ...testSynthetic(DEVELOPMENT_SEEDS, true)];
  const folder = data === undefined ? [] : readFolder(data);
  const real = folder.flatMap((series, i) => test('real', series, realSettings(series), i % 2 === 0));
  const tested = [...real, ...synthetic];
  const heldOut = (all: readonly Tested[]) => all.filter(({ isDevelopment }) => !isDevelopment);
  return {
    name: 'forecast',
    question: 'How good are forecasts, and the intervals around them?',
    rows: rowsOf(tested),
    targets: [
      ...(real.length > 0 ? targetsOf('real', heldOut(real)) : []),
      ...targetsOf('synthetic', heldOut(synthetic)),
    ],
    notes: [
      'Rolling origins; MASE is scaled by the seasonal naive error of what was known, by day for hours and by week for days. MSTL-ETS is @bsull/augurs.',
      ...(data === undefined ? ['Without `--data` there are no real series.'] : []),
      ...(folder.length > real.length
        ? [`${folder.length - real.length} series repeat exactly, and have no scale.`]
        : []),
    ],
  };
}

const { values } = parseArgs({ options: { data: { type: 'string' }, json: { type: 'boolean' } }, strict: false });
await runWhenMain(import.meta.url, () => measureForecasts(values.data as string | undefined));
