/** A monitor that keeps what it is told, for tests of whoever tells it. */
import type { CallBegin, CallEnd, CallKind, ServerMonitor } from '@mcp-vitals/sdk';

export interface RecordedCall extends CallBegin, CallEnd {
  server: string;
  kind: CallKind;
  name: string;
  /** Undefined while it is in flight. */
  outcome: string | undefined;
}

export interface Recorded {
  /** In the order in which they began. */
  calls: RecordedCall[];
  /** The newest list of tools per server. */
  tools: Record<string, string[]>;
  monitorOf(info: { name: string } | undefined): ServerMonitor;
  /** `name outcome` of each call that has ended, sorted; other kinds as `kind:name outcome`. */
  summary(): string[];
}

export function recordCalls(): Recorded {
  const calls: RecordedCall[] = [];
  const tools: Record<string, string[]> = {};
  const monitorOf = (info: { name: string } | undefined): ServerMonitor => {
    const server = info?.name ?? '';
    const unused = () => {
      throw new Error('not used by what is tested');
    };
    return {
      begin(name, kind = 'tool', { traceparent, client } = {}) {
        const call: RecordedCall = { server, kind, name, outcome: undefined };
        if (traceparent !== undefined) call.traceparent = traceparent;
        if (client !== undefined) call.client = client;
        calls.push(call);
        return { end: (outcome = 'ok', end = {}) => void Object.assign(call, { ...end, outcome }) };
      },
      learnTools: (names) => {
        tools[server] = [...names];
      },
      call: unused,
      count: unused,
      gauge: unused,
      time: unused,
      cache: unused,
      query: unused,
      connections: unused,
      policy: unused,
      flush: async () => {},
      shutdown: async () => {},
      get status(): never {
        return unused();
      },
    };
  };
  const summary = () =>
    calls
      .filter(({ outcome }) => outcome !== undefined)
      .map(({ kind, name, outcome }) => `${kind === 'tool' ? '' : `${kind}:`}${name} ${outcome}`)
      .sort();
  return { calls, tools, monitorOf, summary };
}
