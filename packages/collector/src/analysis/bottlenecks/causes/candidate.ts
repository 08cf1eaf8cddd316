/** What a rule hands over: a finding about one sight, before it is known what else was found and where. */
import type { Bottleneck, BottleneckEvidence, BottleneckSeverity } from '../../../model/bottleneck.ts';
import { severityOf } from '../clarity.ts';
import type { Picture } from '../picture/picture.ts';

export type Candidate = Omit<Bottleneck, 'server' | 'instances' | 'clients' | 'consequences' | 'resolution'>;

/** Looks for one cause. Empty where it is not there; of no confidence where one of its tests failed. */
export type Rule = (picture: Picture) => Candidate[];

export function evidence(name: string, value: number, unit = ''): BottleneckEvidence {
  return { name, value, unit };
}

/** From a part of the time of all calls of the sight, milliseconds, to per cent of it; null where no call took time. */
export function sharePercent(picture: Picture, ms: number): number | null {
  return picture.totalMs === 0 ? null : (100 * Math.min(ms, picture.totalMs)) / picture.totalMs;
}

/** The limits of a share of all time at which what costs it is medium, high and critical, in per cent. */
const SHARE_LIMITS = [10, 30, 60] as const;

/** Whoever waits for the answer of a tool hardly feels less than this: it is never more than medium, whatever its share is. */
const FELT_MS = 20;

/**
 * How bad it is that calls take longer than usual.
 * @param lostPercent of the time of all calls
 * @param lostMs of each call that was slow
 */
export function severityOfLoss(lostPercent: number, lostMs: number): BottleneckSeverity {
  const severity = severityOf(lostPercent, SHARE_LIMITS);
  return lostMs < FELT_MS && severity !== 'low' ? 'medium' : severity;
}

/** Only evidence that is known. */
export function known(...items: readonly Candidate['evidence'][number][]): Candidate['evidence'] {
  return items.filter(({ value }) => Number.isFinite(value));
}
