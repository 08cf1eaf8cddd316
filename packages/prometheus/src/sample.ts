/** What a scrape shows, before it becomes text. */
import type { Family } from './families.ts';
import type { Labels } from './labels.ts';

export interface Sample {
  labels: Labels;
  /** Shared by many samples of a family, so that they are written out once. */
  sharedLabels?: Labels;
  value: number;
  /** Absent: the family's name. */
  metricName?: string;
  exemplar?: Exemplar;
}

/** A call that stands for those of a bucket; shown in OpenMetrics only. */
export interface Exemplar {
  labelSet: Labels;
  value: number;
  /** Epoch seconds. */
  timestamp: number;
}

export interface FamilySamples {
  family: Family;
  samples: Sample[];
}

/** Asked at each scrape. */
export type SampleSource = () => readonly FamilySamples[] | Promise<readonly FamilySamples[]>;
