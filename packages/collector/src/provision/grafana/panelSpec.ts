/** What a panel shows, as data; `panels.ts` makes it a panel of Grafana. */

export interface PanelQuery {
  expr: string;
  /** Labels in double braces are filled in by Grafana. */
  legend?: string;
}

/** From a value on, something is of a colour. */
export interface Limit {
  from: number;
  colour: 'green' | 'yellow' | 'orange' | 'red';
}

interface PanelBase {
  title: string;
  /** What it means and how it is measured. */
  description: string;
  /** One of Grafana's. */
  unit: string;
  /** Of 24. */
  width: number;
  queries: readonly PanelQuery[];
}

export type PanelSpec = PanelBase &
  (
    | {
        /** One number for each series. */
        kind: 'stat';
        /** Below the first: green. */
        limits?: readonly Limit[];
        noValue?: string;
      }
    | { kind: 'gauge'; noValue?: string }
    | {
        kind: 'graph';
        min?: number;
        max?: number;
        stacked?: boolean;
        /** Shows examples of single calls, which lead to their traces. */
        exemplars?: boolean;
        /** Lines across it. */
        limits?: readonly Limit[];
      }
    | {
        /** One bar for each series, the greatest first; the query has them in one label. */
        kind: 'bars';
        label: string;
      }
    | {
        /** One row for each series. */
        kind: 'table';
        /** Headings by label, in their order. */
        columns: Readonly<Record<string, string>>;
        /** Heading of the value; absent: it says nothing and is left out. */
        value?: string;
        noValue?: string;
      }
    | { kind: 'heatmap' }
  );

export interface RowSpec {
  title: string;
  panels: readonly PanelSpec[];
}

/** The span that rates are taken over: Grafana's choice for the range shown, and never less than four scrapes. */
export const RATE_SPAN = '$__rate_interval';
/** All that is shown. */
export const RANGE = '$__range';

export const UNITS = {
  bytes: 'bytes',
  count: 'short',
  perSecond: 'ops',
  seconds: 's',
  share: 'percentunit',
  score: 'none',
  duration: 'dtdurations',
} as const;
