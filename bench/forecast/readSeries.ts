/** Series of a folder as hours: the Numenta Anomaly Benchmark (`nab/`), Microsoft's (`mscloud/`) and the AIOps challenge's (`kpi/`). */
import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { HOUR_MS } from '../../packages/collector/src/model/rollup.ts';

export interface NamedSeries {
  name: string;
  kind: string;
  stepMs: number;
  /** One per step, from midnight UTC on; NaN where there is none. */
  values: Float64Array;
}

export function readFolder(folder: string): NamedSeries[] {
  const csv = ['nab/data', 'mscloud'].flatMap((part) =>
    readdirSync(join(folder, part), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.csv.gz'))
      .sort()
      .map((file) => readCsv(join(folder, part, file))),
  );
  return [...csv, ...readKpi(join(folder, 'kpi'))];
}

function readCsv(path: string): NamedSeries {
  const lines = gunzipSync(readFileSync(path)).toString('utf8').trim().split('\n').slice(1);
  const points = lines.map((line) => {
    const [time = '', value] = line.replaceAll('"', '').split(',');
    return { atMs: Date.parse(/Z$/.test(time) ? time : `${time.replace(' ', 'T')}Z`), value: Number(value) };
  });
  return inHours(basename(path, '.csv.gz'), basename(dirname(path)), points);
}

function readKpi(folder: string): NamedSeries[] {
  const meta: Record<string, { n: number; start: number; step: number; gaps: [number, number][] }> = JSON.parse(
    readFileSync(join(folder, 'meta.json'), 'utf8'),
  );
  return Object.entries(meta).map(([name, { n, start, step, gaps }]) => {
    const bytes = gunzipSync(readFileSync(join(folder, `${name}.f32.gz`)));
    const afterGap = new Map(gaps);
    let at = start - step;
    const points = Array.from({ length: n }, (_, i) => {
      at = afterGap.get(i) ?? at + step;
      return { atMs: 1000 * at, value: bytes.readFloatLE(4 * i) };
    });
    return inHours(name, 'kpi', points);
  });
}

/** Means of the hours that are whole: the first and the last of a series seldom are. */
function inHours(name: string, kind: string, points: readonly { atMs: number; value: number }[]): NamedSeries {
  const first = Math.ceil(points[0]!.atMs / HOUR_MS);
  const hours = Math.floor(points.at(-1)!.atMs / HOUR_MS) - first;
  const [sums, counts] = [new Float64Array(hours), new Float64Array(hours)];
  for (const { atMs, value } of points) {
    const hour = Math.floor(atMs / HOUR_MS) - first;
    if (hour < 0 || hour >= hours || !Number.isFinite(value)) continue;
    sums[hour]! += value;
    counts[hour]! += 1;
  }
  return {
    name,
    kind,
    stepMs: HOUR_MS,
    values: sums.map((sum, i) => (counts[i] === 0 ? Number.NaN : sum / counts[i]!)),
  };
}
