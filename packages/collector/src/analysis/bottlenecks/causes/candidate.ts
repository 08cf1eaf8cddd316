/** What a rule hands over: a finding about one sight, before it is known what else was found and where. */
import type { Bottleneck, BottleneckEvidence } from '../../../model/bottleneck.ts';
import type { Picture } from '../picture/picture.ts';

export type Candidate = Omit<Bottleneck, 'server' | 'instances' | 'consequences' | 'resolution'>;

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
export const SHARE_LIMITS = [10, 30, 60] as const;

/** Only evidence that is known. */
export function known(...items: readonly Candidate['evidence'][number][]): Candidate['evidence'] {
  return items.filter(({ value }) => Number.isFinite(value));
}
