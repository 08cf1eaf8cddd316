/** What people and programs outside are told. */
import type { Alert } from './alert.ts';
import type { Deploy } from './anomaly.ts';

export type Message = AlertMessage | DigestMessage | ReportMessage | TestMessage;

export interface AlertMessage {
  kind: 'alert';
  atMs: number;
  /** What has changed, e.g. `created`. */
  change: string;
  alert: Alert;
  /** The new version of the server that the incident began with. */
  deploy: Deploy | null;
}

/** What was not raised or not sent since the last digest. */
export interface DigestMessage {
  kind: 'digest';
  fromMs: number;
  toMs: number;
  /** By server; conditions that became no alert and changes of alerts that nobody was told of, by reason. */
  servers: { server: string; reasons: Record<string, number> }[];
}

export interface ReportMessage {
  kind: 'report';
  title: string;
  markdown: string;
  html: string;
}

/** To see whether a channel works. */
export interface TestMessage {
  kind: 'test';
  atMs: number;
}

/** One message on its way to one channel. */
export interface Notification {
  /** Stable: whoever receives it twice knows by it. */
  id: string;
  channel: string;
  createdAtMs: number;
  message: Message;
}
