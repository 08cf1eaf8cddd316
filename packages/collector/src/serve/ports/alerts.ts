/** Alerts and what raises them: thresholds, rules, objectives; and what silences them. */
import type { Objective, Rule } from '../../config/schema.ts';
import type {
  Alert,
  AlertFeedback,
  AlertQuality,
  AlertSeverity,
  AlertStatus,
  ListedThreshold,
  ObjectiveStatus,
  Silence,
  Threshold,
  ThresholdMetric,
  ThresholdProposal,
} from '../../model/alert.ts';
import type { AlertGrade } from '../../model/alertRule.ts';
import type { TimeRange } from '../../store/store.ts';

export interface ThresholdInput {
  server: string | undefined;
  tool: string | undefined;
  metric: ThresholdMetric;
  threshold: number;
  severity: AlertSeverity;
  enabled: boolean;
}

/** A rule that was set here, and not in the settings. */
export interface SetRule extends Rule {
  /** In the words it was set with. */
  grade: AlertGrade;
  /** Whether a policy that the server permits may be applied when it raises an alert. */
  resolvesBy: 'people' | 'policy';
}

export interface Alerts {
  setThreshold(input: ThresholdInput): Promise<Threshold>;
  /** Alerts that are not resolved, newest first. */
  active(filter: {
    severity?: AlertSeverity | undefined;
    server?: string | undefined;
    status?: Exclude<AlertStatus, 'pending' | 'resolved'> | undefined;
  }): Promise<Alert[]>;
  /** @throws VitalsError `not_found`, or `conflict` when it is resolved */
  acknowledge(alertId: string, by: string, notes: string | undefined): Promise<Alert>;
  /** What a person thinks of it, resolved or not. @throws VitalsError `not_found` */
  judge(alertId: string, feedback: AlertFeedback): Promise<Alert>;
  /** @throws VitalsError `invalid` */
  silence(input: SilenceInput): Promise<Silence>;
  /** Those that have not ended. */
  silences(): Promise<Silence[]>;
  /** @throws VitalsError `not_found` */
  endSilence(silenceId: string): Promise<void>;
  /** `isFixed`: it comes from the settings, and cannot be changed here. */
  objectives(): Promise<(ObjectiveStatus & { isFixed: boolean })[]>;
  /** Inserts or replaces by name. @returns it as it is known. @throws VitalsError `conflict` */
  setObjective(objective: Objective): Promise<Objective>;
  /** @throws VitalsError `not_found`, `conflict` */
  removeObjective(name: string): Promise<void>;
  /**
   * Takes in what an Alertmanager tells; the same told again changes nothing.
   * @param workspace that all of it is about, whatever it says; undefined: what it says
   */
  receive(told: readonly ForeignAlert[], workspace?: string): Promise<ReceivedAlerts>;
  /** In force, the defaults included. */
  thresholds(): ListedThreshold[];
  /** What was set for it holds no longer; a default holds again. @throws VitalsError `not_found` */
  removeThreshold(thresholdId: string): Promise<Threshold>;
  /** Rules that were set here; those of the settings are in `config`. */
  rules(): Promise<readonly SetRule[]>;
  /** Inserts or replaces by name. @returns it as it is known. @throws VitalsError `conflict`, `invalid` */
  setRule(rule: SetRule): Promise<SetRule>;
  /** @throws VitalsError `not_found`, `conflict` */
  removeRule(name: string): Promise<void>;
  /** Of the alerts raised within the range. @param workspace whose alerts only; undefined: all */
  quality(range: TimeRange, workspace?: string): Promise<AlertQuality>;
  /** Thresholds that would fit the last week. */
  proposals(): Promise<ThresholdProposal[]>;
}

/** An alert as an Alertmanager tells of it. Every text is a stranger's, in maps because names may be `__proto__`. */
export interface ForeignAlert {
  isFiring: boolean;
  /** What it is known by. */
  labels: ReadonlyMap<string, string>;
  annotations: ReadonlyMap<string, string>;
  /** Null where it has no end yet. */
  endsAtMs: number | null;
  /** What raised it, as a link. */
  url: string | undefined;
}

export interface ReceivedAlerts {
  firing: number;
  resolved: number;
  /** Our own, those of no severity that needs anybody, and what is beyond the limit. */
  ignored: number;
}

export type SilenceInput = Omit<Silence, 'silenceId'>;
