/**
 * The controls of one server: the policy in force, the lease that ends it, and the state of each tool it is about. There is
 * one for a name and version, however many server objects of it a process has, because what is scarce is the process's.
 */
import {
  CONCURRENCY_GAUGE,
  CONTROLS,
  CONTROLS_COUNTER,
  type Control,
  type ControlEvent,
  POLICY_LIMITS,
  type Policy,
  type ToolPolicy,
} from '@mcp-vitals/wire/encode';
import type { Clock } from '../clock.ts';
import type { Permissions } from '../controlOptions.ts';
import type { CustomMetrics } from '../metrics/customMetrics.ts';
import type { KnowsName, Recorder } from '../record/recorder.ts';
import type { MonitoredServer } from '../window/series.ts';
import { ToolControls } from './toolControls.ts';
import { withinPermissions } from './withinPermissions.ts';

/** In a policy, all tools that it does not name. */
const OTHERS = '*';
/** Tools beyond the limit, which share their controls, and those that have them together. */
const OVERFLOW = '__other__';

/** What a policy makes of a server at the moment. */
export interface PolicyInForce {
  version: number;
  /** Until then it is renewed, or ends by itself. */
  endsInMs: number;
  /** Within what is permitted; `*` are all other tools. */
  tools: Readonly<Record<string, ToolPolicy>>;
  /** Calls that may run at a time now, of tools that were called under the policy and have a limit. */
  limits: Readonly<Record<string, number>>;
}

export interface ServerControlsDeps {
  server: MonitoredServer;
  permissions: Permissions;
  clock: Clock;
  recorder: Pick<Recorder, 'record' | 'seriesOf'>;
  metrics: CustomMetrics;
  isOk(answer: unknown): boolean;
  /** A policy has come into force, was renewed, or has ended. */
  onLeaseChange(): void;
}

export class ServerControls {
  readonly #deps: ServerControlsDeps;
  readonly #budget: { usedBytes: number; maxBytes: number };
  readonly #byTool = new Map<string, ToolControls>();
  #policy: Policy | undefined;
  #leaseEndsMs = 0;
  #cancelLease: (() => void) | undefined;

  constructor(deps: ServerControlsDeps) {
    this.#deps = deps;
    this.#budget = { usedBytes: 0, maxBytes: deps.permissions.cache?.maxBytes ?? 0 };
  }

  get server(): MonitoredServer {
    return this.#deps.server;
  }

  get permissions(): Permissions {
    return this.#deps.permissions;
  }

  get permitted(): Control[] {
    return CONTROLS.filter((control) => this.#deps.permissions[control] !== undefined);
  }

  /** Whether a policy is in force; asked at every call. */
  get isActive(): boolean {
    return this.#policy !== undefined;
  }

  /** Of the policy in force; 0 when there is none. */
  get version(): number {
    return this.#policy?.version ?? 0;
  }

  /** Of the policy in force. */
  get leaseMs(): number | undefined {
    return this.#policy?.leaseMs;
  }

  get inForce(): PolicyInForce | undefined {
    if (this.#policy === undefined) return undefined;
    const { version, tools } = this.#policy;
    const cut = Object.keys(tools).map((tool) => [tool, this.#policyOf(tool)]);
    const limits = [...this.#byTool].flatMap(([tool, { limit }]) => (limit === undefined ? [] : [[tool, limit]]));
    return {
      version,
      endsInMs: this.#leaseEndsMs - this.#deps.clock.monotonicMs(),
      tools: Object.fromEntries(cut),
      limits: Object.fromEntries(limits),
    };
  }

  /** Obeys, or goes on to obey, for the time of the lease. An older policy than that in force comes from a collector that lags behind. */
  apply(policy: Policy): void {
    if (policy.version < this.version) return;
    const isNew = policy.version !== this.version;
    this.#policy = policy;
    this.#renew(policy.leaseMs);
    if (isNew) for (const [tool, controls] of this.#byTool) controls.update(this.#policyOf(tool));
    this.#deps.onLeaseChange();
  }

  /** The server is as it was written. */
  end(): void {
    if (this.#policy === undefined) return;
    this.#policy = undefined;
    this.#cancelLease?.();
    this.#cancelLease = undefined;
    for (const controls of this.#byTool.values()) controls.end();
    this.#byTool.clear();
    this.#deps.onLeaseChange();
  }

  /**
   * The controls of a tool; undefined where the policy does not ask for any, and for what is no tool of the server.
   * @param knows whether the server has such a tool: clients may name any
   */
  of(tool: string, knows?: KnowsName): ToolControls | undefined {
    const known = this.#byTool.get(tool);
    if (known !== undefined) return known;
    if (this.#policy === undefined || knows?.(tool) === false) return undefined;
    const isNamed = this.#policy.tools[tool] !== undefined;
    if (!isNamed && this.#policy.tools[OTHERS] === undefined) return undefined;
    const isTooMany = !isNamed && this.#byTool.size >= POLICY_LIMITS.maxTools;
    const name = isTooMany ? OVERFLOW : tool;
    return this.#byTool.get(name) ?? this.#add(name);
  }

  #add(tool: string): ToolControls {
    const { clock, recorder, metrics, isOk, server } = this.#deps;
    const controls = new ToolControls(this.#policyOf(tool), {
      clock,
      isOk,
      budget: this.#budget,
      version: () => this.version,
      onEvent: (event: ControlEvent) => metrics.count(CONTROLS_COUNTER, 1, { event, tool }),
      onWaited: (waitMs) => recorder.record(recorder.seriesOf(server, 'queued', tool), 'ok', waitMs),
      onLimit: (limit) => metrics.gauge(CONCURRENCY_GAUGE, limit, { tool }),
    });
    this.#byTool.set(tool, controls);
    return controls;
  }

  #policyOf(tool: string): ToolPolicy {
    const tools = this.#policy?.tools ?? {};
    const asked = tools[tool] ?? tools[OTHERS];
    return asked === undefined ? {} : withinPermissions(asked, tool, this.#deps.permissions);
  }

  #renew(leaseMs: number): void {
    const { clock } = this.#deps;
    this.#cancelLease?.();
    this.#leaseEndsMs = clock.monotonicMs() + leaseMs;
    this.#cancelLease = clock.after(leaseMs, () => this.end());
  }
}
