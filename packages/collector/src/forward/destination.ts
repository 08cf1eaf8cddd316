/**
 * One place that everything is forwarded to, minute after minute, in order. A minute that cannot be sent now is tried again,
 * later each time, and the store holds what comes after it; so memory never holds more than one.
 */
import { nextTurn } from '../clock.ts';
import { VitalsError } from '../errors.ts';
import { MINUTE_MS, startOfMinute } from '../model/rollup.ts';
import type { ServerInfo } from '../model/series.ts';
import type { ForwardingStatus } from '../serve/ports/outgoing.ts';
import { loadStates, type ServerState, saveBegin, saveStates } from './cursors.ts';
import type { Exemplars } from './exemplars.ts';
import { firstCursor, nextSpan } from './nextSpan.ts';
import { type PreparedSpan, prepareSpan } from './prepareSpan.ts';
import type { Protocol } from './protocol.ts';
import { Sender } from './sender.ts';
import type { ForwardingOptions } from './service.ts';

export interface DestinationOptions<Distribution>
  extends Pick<ForwardingOptions, 'store' | 'everywhere' | 'share' | 'clock' | 'logger' | 'graceMs' | 'redact'> {
  protocol: Protocol<Distribution>;
  from: 'now' | 'oldest';
  timeoutMs: number;
  exemplars: Exemplars;
}

interface KnownServers<Distribution> {
  servers: readonly ServerInfo[];
  states: Map<string, ServerState<Distribution>>;
}

export class Destination<Distribution> {
  readonly #options: DestinationOptions<Distribution>;
  readonly #sender: Sender;
  #states: Map<string, ServerState<Distribution>> | undefined;
  /** Up to where rows are being read, beyond the cursor, while a span is on its way. */
  readonly #reading = new Map<string, number>();
  #beganMs = 0;
  /** On its way: read once, sent request by request, then saved. */
  #pending: PreparedSpan<Distribution> | undefined;
  #running: Promise<void> | undefined;
  /** Counts how often everything was forgotten: what was begun before is worth nothing then. */
  #era = 0;
  #isClosed = false;
  #lateAdditions = 0;
  #lostMinutes = 0;

  constructor(options: DestinationOptions<Distribution>) {
    this.#options = options;
    this.#sender = new Sender(options);
  }

  /** Whether the rows of a minute were read for the last time. Of a server that is not known yet, it is found out later. */
  hasRead(server: string, minuteMs: number): boolean {
    const state = this.#states?.get(server);
    return state === undefined || minuteMs < Math.max(state.cursorMs, this.#reading.get(server) ?? 0);
  }

  /** Others may have forwarded what this collector did, and the other way round. */
  forget(): void {
    this.#era++;
    this.#states = undefined;
    this.#pending = undefined;
    this.#reading.clear();
  }

  status(nowMs: number): ForwardingStatus {
    const { counts, ...sending } = this.#sender.status;
    const cursors = Array.from(this.#states?.values() ?? [], ({ cursorMs }) => cursorMs);
    const forwardedUntilMs = cursors.length === 0 ? undefined : Math.min(...cursors);
    return {
      name: this.#options.protocol.name,
      ...(forwardedUntilMs !== undefined && {
        forwardedUntil: new Date(forwardedUntilMs).toISOString(),
        lagMinutes: Math.max(0, Math.floor((nowMs - forwardedUntilMs) / MINUTE_MS)),
      }),
      ...sending,
      counts: { ...counts, lateAdditions: this.#lateAdditions, lostMinutes: this.#lostMinutes },
    };
  }

  /** Sends what is due and can be sent now. */
  run(nowMs: number): Promise<void> {
    this.#running ??= this.#drain(nowMs).finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#sender.abort();
    await this.#running?.catch(() => {});
    await this.#sender.close();
  }

  async #drain(nowMs: number): Promise<void> {
    // Also while nothing can be sent: what comes to a server that is not known yet is kept as if it were late.
    await this.#knownServers(nowMs);
    while (!this.#isClosed && !this.#sender.isPaused) {
      const era = this.#era;
      const pending = this.#pending ?? (await this.#begin(nowMs));
      if (pending === undefined) return;
      if (era !== this.#era) continue;
      this.#pending = pending;
      const isSent = await this.#sender.send(pending.requests);
      // What was sent, whoever has it now sends again.
      if (era !== this.#era) continue;
      if (!isSent) return;
      await this.#commit(pending);
      await nextTurn();
    }
  }

  async #begin(nowMs: number): Promise<PreparedSpan<Distribution> | undefined> {
    const { store, graceMs } = this.#options;
    const { servers, states } = await this.#knownServers(nowMs);
    for (;;) {
      const next = await nextSpan(store, states, nowMs - graceMs);
      if (next === undefined) return undefined;
      const { span, cursorMs } = next;
      if (span.fromMs < cursorMs) {
        this.#lose(
          next.servers.map((name) => states.get(name)!),
          cursorMs,
          span.toMs,
        );
        continue;
      }
      for (const name of next.servers) this.#reading.set(name, span.toMs);
      const behind = new Map(next.servers.map((name) => [name, states.get(name)!]));
      return prepareSpan(this.#options, span, behind, servers);
    }
  }

  /** Of an hour of which the first minutes were forwarded, nothing tells the rest when its minutes are gone. */
  #lose(states: readonly ServerState<Distribution>[], fromMs: number, toMs: number): void {
    for (const state of states) state.cursorMs = toMs;
    const minutes = (toMs - fromMs) / MINUTE_MS;
    this.#lostMinutes += minutes;
    const { logger, protocol } = this.#options;
    const lost = { destination: protocol.name, minutes, servers: states.length };
    logger.warn(lost, 'Minutes were deleted before they could be forwarded');
  }

  /** Servers of this collector, and where each of them is. */
  async #knownServers(nowMs: number): Promise<KnownServers<Distribution>> {
    const { store } = this.#options;
    const servers = await store.listServers();
    const known = this.#states ?? (await this.#load(nowMs));
    const listed = new Map<string, ServerState<Distribution>>();
    for (const info of servers) {
      const state = known.get(info.name) ?? newState(await firstCursor(store, info, this.#beganMs));
      known.set(info.name, state);
      listed.set(info.name, state);
    }
    return { servers, states: listed };
  }

  async #load(nowMs: number): Promise<Map<string, ServerState<Distribution>>> {
    const { everywhere, protocol, share, from } = this.#options;
    const { states, beganMs } = await loadStates<Distribution>(everywhere, protocol.name, share.owns.bind(share));
    this.#beganMs = beganMs ?? (from === 'now' ? startOfMinute(nowMs) : 0);
    if (beganMs === undefined) await saveBegin(everywhere, protocol.name, this.#beganMs);
    this.#states = states;
    return states;
  }

  async #commit({ next, late }: PreparedSpan<Distribution>): Promise<void> {
    const { store, share, protocol } = this.#options;
    const own = new Map([...next].filter(([server]) => share.owns(server)));
    try {
      await saveStates(store, protocol.name, own);
    } catch (error) {
      if (!(error instanceof VitalsError && error.code === 'conflict')) throw error;
      this.forget();
      return;
    }
    for (const [server, { state }] of own) this.#states?.set(server, state);
    this.#reading.clear();
    this.#pending = undefined;
    this.#lateAdditions += late.length;
    if (late.length > 0) await store.deleteItems('late', late);
  }
}

function newState<Distribution>(cursorMs: number): ServerState<Distribution> {
  return { cursorMs, activeMs: 0, isGone: true, totals: undefined, appliedLate: [] };
}
