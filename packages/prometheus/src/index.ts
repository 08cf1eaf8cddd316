export { addBucketCounts } from './bucketCounts.ts';
export { CustomFamilies, type CustomKind, type CustomPlace } from './customFamilies.ts';
export { createExposition, type Exposition, type ExpositionOptions, type PromClientModule } from './exposition.ts';
export {
  COLLECTOR_FAMILIES,
  type Family,
  type FamilyType,
  PROCESS_METRICS_PREFIX,
  SERVER_FAMILIES,
  SUMMARY_QUANTILES,
} from './families.ts';
export { labelValue, OTHER, UNSAMPLED } from './labels.ts';
export { DEFAULT_MAX_SERIES, MetricTotals, type MetricTotalsOptions, type ObservedBatch } from './metricTotals.ts';
export { type OperationKind, operationLabels } from './operations.ts';
export type { Exemplar, FamilySamples, Sample, SampleSource } from './sample.ts';
export { ValueHistograms } from './valueHistograms.ts';
