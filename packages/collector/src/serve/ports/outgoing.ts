/** What goes out: notifications, and measurements that are forwarded. */

/** How a channel does, see `notify/`. */
export interface ChannelStatus {
  name: string;
  waiting: number;
  /** In a row. */
  failures: number;
  error?: string;
  counts: Record<string, number>;
}

export interface Notifications {
  status(): ChannelStatus[];
  /** @throws VitalsError `not_found`, or `unavailable` with the reason */
  test(channel: string): Promise<void>;
}

/** How forwarding to a destination does, see `forward/`. */
export interface ForwardingStatus {
  name: string;
  /** ISO 8601; everything before is there. Absent until a server has reported. */
  forwardedUntil?: string;
  lagMinutes?: number;
  /** In a row. */
  failures: number;
  /** Since the first of them. */
  failingSeconds: number;
  /** Why the last try failed; absent when it did not. */
  error?: string;
  /** What the destination said when it did not take something, and never will. */
  lastRefusal?: string;
  counts: Record<string, number>;
}

export interface Forwarding {
  status(): ForwardingStatus[];
  /** Destinations to which nothing has gone out for long. */
  failing(): ForwardingStatus[];
}
