/** Conditions that are looked at by time and not by batch: rules, objectives, and the collector's own state. */
import { subjectOf } from '../model/alert.ts';
import type { Breach } from './breach.ts';

/** One kind of them. What it returned before and returns no longer is over. */
export interface ConditionSource {
  /** Begins the subject of its fingerprints. */
  prefix: string;
  /** Whether its word that something is over is the last: the alert is resolved then, and no return of it is waited for. */
  resolvesAtOnce?: boolean;
  /** Whether it is asked whenever somebody likes, so that what goes on is not to be written down each time. */
  tellsOften?: boolean;
  /**
   * Everything that holds now.
   * @param isOpen whether an alert of a fingerprint is open and holds, for sources that know hysteresis
   */
  evaluate(nowMs: number, isOpen: (fingerprint: string) => boolean): Promise<Breach[]>;
}

/** Which source an alert is of, by its fingerprint; undefined for thresholds and anomalies. */
export function sourceOf<Source extends Pick<ConditionSource, 'prefix'>>(
  sources: readonly Source[],
  fingerprint: string,
): Source | undefined {
  const subject = subjectOf(fingerprint);
  return sources.find(({ prefix }) => subject.startsWith(prefix));
}
