/**
 * The stages of one process, joined: recorder -> window -> batcher -> sender -> transport. There is one monitor per
 * process, however many servers and copies of this package it holds.
 */
import { hostname } from 'node:os';
import packageJson from '../package.json' with { type: 'json' };
import { type BatchContent, Batcher } from './batch/batcher.ts';
import { Sender } from './batch/sender.ts';
import type { Clock } from './clock.ts';
import { ControlPlane } from './control/controlPlane.ts';
import type { Counters, Diagnostics } from './diagnostics.ts';
import { describeEndpoint, findEndpoints } from './endpoint.ts';
import { outcomeOfAnswer } from './instrument/outcome.ts';
import { CustomMetrics } from './metrics/customMetrics.ts';
import type { ResolvedOptions } from './options.ts';
import { OTHER_SERIES } from './record/otherSeries.ts';
import { Recorder } from './record/recorder.ts';
import { ownUsage, type ProcessUsage, ResourceUsage } from './resource/usage.ts';
import type { SealedBatch, Spool, Transport } from './transport/transport.ts';
import type { MonitoredServer } from './window/series.ts';
import { createGroup, createServer, Series } from './window/series.ts';
import { OpenWindow, untilSealMs } from './window/window.ts';

/** Servers of one process with different names; more are monitored under one name. */
const MAX_SERVERS = 1_000;

/** Longer names and versions of servers are cut. */
const MAX_IDENTIFIER_LENGTH = 200;

const FLUSH_TIMEOUT_MS = 2_000;

const BATCHES_PER_LEASE = 3;

/** What a monitor stands on; tests replace it. */
export interface MonitorDeps {
  clock: Clock;
  diagnostics: Diagnostics;
  instance: string;
  transport: Transport;
  spool: Spool;
  /** The process whose resources are reported; this one when absent. */
  usage?: ProcessUsage | undefined;
  random(): number;
}

/** How the SDK is doing in this process. */
export interface MonitorStatus {
  /** Where batches go, as resolved now; the first of several is tried first. */
  endpoints: string[];
  servers: string[];
  /** Where this process serves its Prometheus metrics; undefined where it does not. */
  metricsUrl: string | undefined;
  queuedBatches: number;
  queuedBytes: number;
  counters: Counters;
}

export class Monitor {
  readonly recorder: Recorder;
  readonly diagnostics: Diagnostics;
  readonly clock: Clock;
  readonly controls: ControlPlane;
  /** Is told when there is something unsent in memory, and when there is no more; at most once a window. */
  onUnsentChange: (hasUnsent: boolean) => void = () => {};
  /** Is told what each window held when it is sealed, the event-loop delay in it included. */
  onSealed: ((content: BatchContent, eventLoopDelayMs: number) => void) | undefined;
  metricsUrl: string | undefined;
  /** What else is to be ended at the shutdown. */
  onShutdown: (() => void) | undefined;
  readonly #servers = new Map<string, MonitoredServer>();
  readonly #window: OpenWindow;
  readonly #resources: ResourceUsage;
  readonly #batcher: Batcher;
  readonly #sender: Sender;
  readonly #transport: Transport;
  #lastBatchMs: number;
  #heartbeatMs: number;
  #cancelSeal: (() => void) | undefined;
  #cancelHeartbeat: (() => void) | undefined;

  constructor(
    readonly options: ResolvedOptions,
    deps: MonitorDeps,
  ) {
    const { clock, diagnostics, instance, transport, spool, random, usage = ownUsage } = deps;
    this.diagnostics = diagnostics;
    this.clock = clock;
    this.#transport = transport;
    this.#resources = new ResourceUsage(clock, usage);
    this.#window = new OpenWindow(clock, () => this.#planSeal());
    this.recorder = new Recorder({
      clock,
      diagnostics,
      window: this.#window,
      maxSeries: options.maxSeries,
      deadlineMs: options.deadlineMs,
      createSeries: (server, kind, name) => new Series(server, kind, name),
      createGroup,
    });
    const { recorder } = this;
    this.controls = new ControlPlane({
      clock,
      diagnostics,
      recorder,
      metricsOf: (server) => new CustomMetrics({ recorder, server }),
      isOk: (answer) => outcomeOfAnswer(answer) === 'ok',
      onLease: (shortestMs) => this.#setHeartbeat(shortestMs),
    });
    this.#batcher = new Batcher({
      diagnostics,
      instance,
      process: {
        host: hostname(),
        pid: usage.pid,
        runtime: usage.runtime,
        sdk: `${packageJson.name} ${packageJson.version}`,
      },
      workspace: options.workspace,
      servers: () => [...this.#servers.values()],
      inFlight: () => recorder.inFlight.snapshot(clock.monotonicMs()),
      controls: (servers) => this.controls.states(servers),
    });
    this.#sender = new Sender({
      clock,
      diagnostics,
      transport,
      spool,
      random,
      maxQueuedBatches: options.maxQueuedBatches,
      onPolicies: (policies) => this.controls.obey(policies),
      onIdle: () => {
        if (!this.hasUnsent) this.onUnsentChange(false);
      },
    });
    this.#lastBatchMs = clock.nowMs();
    this.#heartbeatMs = options.heartbeatMs;
    this.#planHeartbeat();
  }

  /** The entry for a server of this name and version; the same for every instance of it. */
  serverFor(name: string, version: string): MonitoredServer {
    const key = `${name}\0${version}`;
    return this.#servers.get(key) ?? this.#addServer(key, name, version);
  }

  get status(): MonitorStatus {
    const { endpoint, dataDir } = this.options;
    return {
      endpoints: findEndpoints(endpoint, dataDir).map(describeEndpoint),
      servers: [...this.#servers.values()].map(({ name }) => name),
      metricsUrl: this.metricsUrl,
      queuedBatches: this.#sender.queuedBatches,
      queuedBytes: this.#sender.queuedBytes,
      counters: structuredClone(this.diagnostics.counters),
    };
  }

  /** Whether something was measured or found in the spool that nobody has got yet. */
  get hasUnsent(): boolean {
    return this.#window.isOpen || !this.#batcher.isEmpty || this.#sender.queuedBatches > 0 || this.#sender.isSending;
  }

  /** Whether a send now has no prospect, because the last one failed a moment ago. */
  get isCollectorAway(): boolean {
    return this.#sender.isCoolingDown;
  }

  /**
   * Seals what is open and tries to send all there is. Resolves when that is done or did not work out, at the latest
   * after `timeoutMs`, and keeps the process alive until then.
   */
  async flush(timeoutMs = FLUSH_TIMEOUT_MS): Promise<void> {
    this.#sealIntoQueue();
    const sent = this.#sender.flush();
    await new Promise<void>((resolve) => {
      const cancel = this.clock.afterKeepingAlive(timeoutMs, resolve);
      void sent.then(cancel).then(resolve);
    });
  }

  /** As `flush`, for the end of the process: what fails is not tried again. */
  flushOnce(timeoutMs: number): Promise<void> {
    this.#transport.hurry?.();
    return this.flush(timeoutMs);
  }

  /** Flushes, keeps in the spool what could not be sent, and stops timers and connections. */
  async shutdown(timeoutMs = FLUSH_TIMEOUT_MS): Promise<void> {
    await this.flush(timeoutMs);
    this.spoolUnsent();
    this.controls.end();
    this.#cancelSeal?.();
    this.#cancelHeartbeat?.();
    this.#sender.stop();
    this.#resources.eventLoopDelay.stop();
    this.onShutdown?.();
    await this.#transport.close();
  }

  /**
   * What was recorded since the last seal, and what is under way: for whoever wants to know of calls made just now. It is
   * sent as it would have been, in windows of its own; when and in how many batches stays the same.
   */
  takeRecorded(): BatchContent {
    const recorded = this.#window.takeRecorded(this.clock.nowMs());
    this.#offer(this.#batcher.add(recorded, undefined));
    return this.#batcher.contentOf(recorded);
  }

  /** Writes everything unsent to the spool, synchronously: for the last moment of the process. */
  spoolUnsent(): void {
    this.#sealIntoQueue();
    this.#sender.spoolAll();
    this.onUnsentChange(false);
  }

  #addServer(key: string, name: string, version: string): MonitoredServer {
    if (this.#servers.size === MAX_SERVERS) return this.#servers.get(OTHER_SERIES)!;
    const isLast = this.#servers.size === MAX_SERVERS - 1;
    const server = isLast ? createServer(OTHER_SERIES, '') : createServer(identifier(name), identifier(version));
    this.#servers.set(isLast ? OTHER_SERIES : key, server);
    return server;
  }

  #sealIntoQueue(): void {
    this.#sealWindow();
    if (!this.#batcher.isEmpty) this.#offer(this.#batcher.seal());
  }

  #planSeal(): void {
    this.onUnsentChange(true);
    this.#cancelSeal?.();
    this.#resources.eventLoopDelay.start();
    const delayMs = untilSealMs(this.clock.nowMs(), this.options.windowMs);
    this.#cancelSeal = this.#after(delayMs, () => this.#onSealTimer());
  }

  #onSealTimer(): void {
    this.#cancelSeal = undefined;
    const hadCalls = this.#window.isOpen;
    // A batch that waited for another window would be late.
    const waitedMs = this.clock.nowMs() - this.#lastBatchMs;
    const isDue = waitedMs + this.options.windowMs >= this.options.batchIntervalMs;
    this.#sealWindow();
    if (!this.#batcher.isEmpty && isDue) this.#offer(this.#batcher.seal());
    if (hadCalls || !this.#batcher.isEmpty) this.#planSeal();
    else this.#resources.eventLoopDelay.stop();
  }

  #sealWindow(): void {
    if (!this.#window.isOpen) return;
    const sealed = this.#window.seal(this.clock.nowMs());
    const resources = this.#resources.sample();
    this.#offer(this.#batcher.add(sealed, resources));
    this.onSealed?.(this.#batcher.contentOf(sealed), resources?.eventLoopDelayMs ?? 0);
  }

  #planHeartbeat(): void {
    this.#cancelHeartbeat = this.#after(this.#heartbeatMs, () => {
      if (this.clock.nowMs() - this.#lastBatchMs >= this.#heartbeatMs) this.#sendHeartbeat();
      this.#planHeartbeat();
    });
  }

  /** A policy ends where nothing renews it: while one is in force, something is sent at least three times a lease. */
  #setHeartbeat(leaseMs = Number.POSITIVE_INFINITY): void {
    const heartbeatMs = Math.min(this.options.heartbeatMs, leaseMs / BATCHES_PER_LEASE);
    if (heartbeatMs === this.#heartbeatMs) return;
    this.#heartbeatMs = heartbeatMs;
    this.#cancelHeartbeat?.();
    this.#planHeartbeat();
  }

  #sendHeartbeat(): void {
    this.#offer([...this.#batcher.add([], this.#resources.sample()), ...this.#batcher.seal()]);
  }

  /** A timer whose failure is reported instead of ending the server as an uncaught exception. */
  #after(delayMs: number, run: () => void): () => void {
    return this.clock.after(delayMs, () => {
      try {
        run();
      } catch (error) {
        this.diagnostics.warnOnce('internal', `monitoring failed: ${String(error)}`);
      }
    });
  }

  #offer(batches: readonly SealedBatch[]): void {
    if (batches.length === 0) return;
    this.#lastBatchMs = this.clock.nowMs();
    for (const batch of batches) this.#sender.offer(batch);
  }
}

function identifier(text: string): string {
  return text.slice(0, MAX_IDENTIFIER_LENGTH).toWellFormed();
}
