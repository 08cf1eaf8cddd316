/** What `/metrics` shows of a server, from its running totals: the same families, names and labels. */
import {
  COLLECTOR_FAMILIES,
  type CustomFamilies,
  type CustomKind,
  type Family,
  labelValue,
  type OperationKind,
  operationLabels,
  SERVER_FAMILIES,
} from '@mcp-vitals/prometheus';
import { OUTCOMES } from '@mcp-vitals/wire/decode';
import { callCount, errorCount } from '../../model/rollup.ts';
import type { ServerSpan } from '../protocol.ts';
import type { SeriesTotal } from '../totals.ts';
import { bucketBounds, UNITS_PER_MS } from './buckets.ts';

/** Counts of samples up to each of `bucketBounds`. */
export type BucketCounts = number[];

type Labels = Readonly<Record<string, string>>;

const BYTES_PER_MB = 1_048_576;
const FIRST_OTHER_OUTCOME = 4;

/** Takes what a family shows; what has the same name and labels becomes one sample. */
export type Emit = (family: Family, labels: Labels, value: number, suffix?: string) => void;

export function emitServer(
  { info, resources, totals }: ServerSpan<BucketCounts>,
  families: CustomFamilies,
  emit: Emit,
): void {
  const server = labelValue(info.name);
  for (const total of totals.series) emitSeries(server, total, families, emit);
  emit(SERVER_FAMILIES.diskIo, { server }, totals.diskIoBytes);
  emit(COLLECTOR_FAMILIES.serverInfo, { server, version: labelValue(info.version) }, 1);
  for (const [reason, dropped] of Object.entries(info.dropped)) {
    emit(SERVER_FAMILIES.droppedSamples, { server, reason: labelValue(reason) }, dropped);
  }
  if (resources === undefined) return;
  emit(SERVER_FAMILIES.memoryUsage, { server, type: 'rss' }, Math.round(resources.memoryMbAvg * BYTES_PER_MB));
  emit(SERVER_FAMILIES.memoryUsageRatio, { server }, resources.memoryPercentAvg / 100);
  emit(SERVER_FAMILIES.cpuUsageRatio, { server }, resources.cpuPercentAvg / 100);
  emit(SERVER_FAMILIES.eventLoopDelay, { server }, resources.eventLoopDelayMsAvg / 1000);
}

function emitSeries(server: string, total: SeriesTotal<BucketCounts>, families: CustomFamilies, emit: Emit): void {
  const { kind, name } = total;
  const tool = labelValue(name);
  switch (kind) {
    case 'tool':
      emitTool({ server, tool }, total, emit);
      emitOperation(server, kind, total, emit);
      break;
    case 'resource':
    case 'prompt':
    case 'method':
      emitOperation(server, kind, total, emit);
      break;
    case 'wait':
      emitHistogram(SERVER_FAMILIES.toolWait, { server, tool }, total, emit);
      break;
    case 'result_bytes':
      emitHistogram(SERVER_FAMILIES.toolResultSize, { server, tool }, total, emit);
      break;
    case 'custom':
    case 'counter':
    case 'gauge':
      emitCustom(server, kind, total, families, emit);
  }
}

function emitTool(labels: Labels, total: SeriesTotal<BucketCounts>, emit: Emit): void {
  const { outcomes, errors } = total;
  emit(SERVER_FAMILIES.toolRequests, { ...labels, status: 'success' }, outcomes[0]);
  emit(SERVER_FAMILIES.toolRequests, { ...labels, status: 'error' }, errorCount(total));
  emit(SERVER_FAMILIES.timeouts, labels, outcomes[3]);
  for (const [i, value] of outcomes.slice(FIRST_OTHER_OUTCOME).entries()) {
    if (value > 0) {
      emit(SERVER_FAMILIES.toolOtherOutcomes, { ...labels, outcome: OUTCOMES[FIRST_OTHER_OUTCOME + i]! }, value);
    }
  }
  for (const [errorClass, count] of errors) {
    emit(SERVER_FAMILIES.errors, { ...labels, error_type: labelValue(errorClass) }, count);
  }
  emitHistogram(SERVER_FAMILIES.toolDuration, labels, total, emit);
}

function emitOperation(server: string, kind: OperationKind, total: SeriesTotal<BucketCounts>, emit: Emit): void {
  const labels = { server, ...operationLabels(kind, labelValue(total.name)) };
  emitHistogram(SERVER_FAMILIES.operationDuration, labels, total, emit);
}

function emitCustom(
  server: string,
  kind: CustomKind,
  total: SeriesTotal<BucketCounts>,
  families: CustomFamilies,
  emit: Emit,
): void {
  const place = families.placeOf(kind, total.name);
  if (place === undefined) return;
  const { family, alsoCounted } = place.family;
  const labels = { server, ...Object.fromEntries(place.labels) };
  if (kind === 'custom') emitHistogram(family, labels, total, emit);
  else emit(family, labels, kind === 'gauge' ? total.mean : total.sum);
  if (alsoCounted) emit(alsoCounted, labels, callCount(total));
}

function emitHistogram(family: Family, labels: Labels, total: SeriesTotal<BucketCounts>, emit: Emit): void {
  if (total.distribution === undefined) return;
  const count = callCount(total);
  const all = bucketBounds(total.kind);
  for (const bound of family.buckets ?? []) {
    emit(family, { ...labels, le: String(bound) }, total.distribution[all.indexOf(bound)] ?? count, '_bucket');
  }
  emit(family, { ...labels, le: '+Inf' }, count, '_bucket');
  emit(family, labels, total.sum * UNITS_PER_MS[total.kind], '_sum');
  emit(family, labels, count, '_count');
}
