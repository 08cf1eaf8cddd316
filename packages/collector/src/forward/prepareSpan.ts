/** What a span of time adds to the totals of servers, and the requests that say so. */
import { nextTurn } from '../clock.ts';
import { MINUTE_MS } from '../model/rollup.ts';
import type { ServerInfo } from '../model/series.ts';
import type { ServerState } from './cursors.ts';
import type { DestinationOptions } from './destination.ts';
import type { ServerMinute, Span } from './minute.ts';
import { readSpan } from './nextSpan.ts';
import type { OutgoingRequest, ServerSpan } from './protocol.ts';
import { Requests } from './sender.ts';
import { addMinute } from './totals.ts';

export interface PreparedSpan<Distribution> {
  /** What holds once all of it is sent. */
  next: Map<string, { state: ServerState<Distribution>; hasNewTotals: boolean }>;
  /** Keys of the late additions that are in it. */
  late: string[];
  requests: Requests;
}

/** A server that sent nothing for this long is gone. */
const SILENT_MS = 2 * MINUTE_MS;

/** @param states of the servers that are forwarded up to the span */
export async function prepareSpan<Distribution>(
  { store, protocol, exemplars }: DestinationOptions<Distribution>,
  span: Span,
  states: ReadonlyMap<string, ServerState<Distribution>>,
  servers: readonly ServerInfo[],
): Promise<PreparedSpan<Distribution>> {
  const { minutes, late } = await readSpan(store, protocol.name, span, states);
  const next: PreparedSpan<Distribution>['next'] = new Map();
  const sent: ServerSpan<Distribution>[] = [];
  for (const info of servers) {
    const state = states.get(info.name);
    const minute = minutes.get(info.name);
    if (state === undefined || minute === undefined) continue;
    const totals = addMinute(protocol.isCumulative ? state.totals : undefined, minute, span, protocol.distributions);
    const after = stateAfter(state, minute, span, late.get(info.name) ?? []);
    next.set(info.name, {
      state: { ...after, totals: protocol.isCumulative ? totals : undefined },
      hasNewTotals: protocol.isCumulative && isActive(minute),
    });
    sent.push({
      info,
      presence: !after.isGone ? 'live' : state.isGone ? 'away' : 'gone',
      totals,
      resources: minute.resources,
      exemplarOf: (key) => exemplars.newest(info.name, key, span),
    });
    await nextTurn();
  }
  const requests: Iterable<OutgoingRequest> = protocol.requests(sent, span);
  return { next, late: [...late.values()].flat(), requests: new Requests(requests) };
}

function isActive({ series, resources }: ServerMinute): boolean {
  return series.size > 0 || resources !== undefined;
}

function stateAfter(
  state: ServerState<unknown>,
  minute: ServerMinute,
  { toMs }: Span,
  appliedLate: string[],
): Omit<ServerState<unknown>, 'totals'> {
  const activeMs = isActive(minute) ? toMs : state.activeMs;
  return { cursorMs: toMs, activeMs, isGone: toMs - activeMs >= SILENT_MS, appliedLate };
}
