/** All that is counted of one tool of one server. */
import { type ErrorSample, OUTCOMES, type Window } from '@mcp-vitals/wire/encode';
import { BoundedCounts } from './boundedCounts.ts';
import { SERVER_FAMILIES, SUMMARY_QUANTILES } from './families.ts';
import type { FamilyBuilder } from './familyBuilder.ts';
import { Histogram, HistogramShape } from './histogram.ts';
import { type Labels, UNSAMPLED } from './labels.ts';
import { newOperation } from './operations.ts';
import { RECENT_MS, RecentQuantiles } from './recentQuantiles.ts';

const MS = 1 / 1000;
const DURATION = new HistogramShape(SERVER_FAMILIES.toolDuration, MS);
const WAIT = new HistogramShape(SERVER_FAMILIES.toolWait, MS);
const RESULT_SIZE = new HistogramShape(SERVER_FAMILIES.toolResultSize, 1);

/** Classes of errors of one tool that are told apart. */
const MAX_ERROR_TYPES = 20;

const FIRST_OTHER_OUTCOME = 4;

const QUANTILE_LABELS: readonly Labels[] = SUMMARY_QUANTILES.map((quantile) => ({ quantile: String(quantile) }));
const QUANTILES = SERVER_FAMILIES.toolDurationQuantiles.name;

/** What is known of a batch beside its contents. */
export interface Arrival {
  nowMs: number;
  /** Sender's clock minus ours. */
  skewMs: number;
  /** Whether somebody scrapes: what only shows the last minutes is not worth its cost otherwise. */
  isWatched: boolean;
}

export class ToolTotals {
  readonly labels: Labels;
  #ok = 0;
  #failed = 0;
  #timeouts = 0;
  readonly #others = [0, 0, 0];
  #unsampled = 0;
  readonly #errors = new BoundedCounts(MAX_ERROR_TYPES);
  readonly #duration: Histogram;
  readonly #recent = new RecentQuantiles();
  readonly #operation: Histogram;
  #wait: Histogram | undefined;
  #resultSize: Histogram | undefined;

  constructor(server: string, tool: string) {
    this.labels = { server, tool };
    this.#duration = new Histogram(DURATION, this.labels);
    this.#operation = newOperation(server, 'tool', tool);
  }

  addCalls(window: Window, { nowMs, skewMs, isWatched }: Arrival): void {
    const { outcomes, digest, histogram, errors = [], exemplar } = window;
    const failed = outcomes[1] + outcomes[2] + outcomes[3];
    this.#ok += outcomes[0];
    this.#failed += failed;
    this.#timeouts += outcomes[3];
    for (let i = 0; i < this.#others.length; i++) this.#others[i]! += outcomes[FIRST_OTHER_OUTCOME + i]!;
    if (failed > 0) this.#addErrors(errors, failed);
    if (digest.count === 0 && histogram === undefined) return;
    this.#duration.add(window);
    this.#operation.add(window);
    // What comes in buckets has no place in the quantiles of the last minutes, which are a digest's.
    const isRecent = window.endMs - skewMs > nowMs - RECENT_MS;
    if (isWatched && isRecent && digest.count > 0) this.#recent.add(digest, nowMs);
    if (exemplar === undefined) return;
    this.#duration.addExemplar(exemplar, skewMs);
    this.#operation.addExemplar(exemplar, skewMs);
  }

  addWait(window: Window): void {
    this.#wait ??= new Histogram(WAIT, this.labels);
    this.#wait.add(window);
  }

  addResultSize(window: Window): void {
    this.#resultSize ??= new Histogram(RESULT_SIZE, this.labels);
    this.#resultSize.add(window);
  }

  /** A window holds the newest failures only; each of the others counts too, so that the classes add up to all. */
  #addErrors(errors: readonly ErrorSample[], failed: number): void {
    const sampled = Math.min(errors.length, failed);
    for (let i = 0; i < sampled; i++) this.#errors.add(errors[i]!.errorClass, 1);
    if (failed > sampled) this.#unsampled += failed - sampled;
  }

  pushSamples(into: FamilyBuilder, nowMs: number): void {
    const { labels } = this;
    const requests = into.of(SERVER_FAMILIES.toolRequests);
    requests.push({ labels: { status: 'success' }, sharedLabels: labels, value: this.#ok });
    requests.push({ labels: { status: 'error' }, sharedLabels: labels, value: this.#failed });
    into.of(SERVER_FAMILIES.timeouts).push({ labels, value: this.#timeouts });
    for (const [i, value] of this.#others.entries()) {
      if (value === 0) continue;
      const outcome = OUTCOMES[FIRST_OTHER_OUTCOME + i]!;
      into.of(SERVER_FAMILIES.toolOtherOutcomes).push({ labels: { outcome }, sharedLabels: labels, value });
    }
    const errors = into.of(SERVER_FAMILIES.errors);
    for (const [error_type, value] of this.#errors)
      errors.push({ labels: { error_type }, sharedLabels: labels, value });
    if (this.#unsampled > 0) {
      errors.push({ labels: { error_type: UNSAMPLED }, sharedLabels: labels, value: this.#unsampled });
    }
    this.#duration.pushSamples(into.of(SERVER_FAMILIES.toolDuration));
    this.#pushQuantiles(into, nowMs);
    this.#operation.pushSamples(into.of(SERVER_FAMILIES.operationDuration));
    this.#wait?.pushSamples(into.of(SERVER_FAMILIES.toolWait));
    this.#resultSize?.pushSamples(into.of(SERVER_FAMILIES.toolResultSize));
  }

  #pushQuantiles(into: FamilyBuilder, nowMs: number): void {
    const samples = into.of(SERVER_FAMILIES.toolDurationQuantiles);
    const { labels } = this;
    for (const [i, valueMs] of this.#recent.values(nowMs)?.entries() ?? []) {
      samples.push({ labels: QUANTILE_LABELS[i]!, sharedLabels: labels, value: valueMs * MS });
    }
    const { sum, count } = this.#duration;
    samples.push({ metricName: `${QUANTILES}_sum`, labels: {}, sharedLabels: labels, value: sum });
    samples.push({ metricName: `${QUANTILES}_count`, labels: {}, sharedLabels: labels, value: count });
  }
}
