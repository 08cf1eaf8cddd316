export {
  COLLECTOR_FAMILIES,
  type Family,
  type FamilyType,
  PROCESS_METRICS_PREFIX,
  SERVER_FAMILIES,
  SUMMARY_QUANTILES,
} from './families.ts';
