/** The controls of all servers of a process: who permits what, and what the collector's answers make of it. */
import type { ControlState, Policy } from '@mcp-vitals/wire/encode';
import type { Clock } from '../clock.ts';
import type { Permissions } from '../controlOptions.ts';
import type { Diagnostics } from '../diagnostics.ts';
import type { CustomMetrics } from '../metrics/customMetrics.ts';
import type { Recorder } from '../record/recorder.ts';
import type { MonitoredServer } from '../window/series.ts';
import { ServerControls } from './serverControls.ts';

export interface ControlPlaneDeps {
  clock: Clock;
  diagnostics: Pick<Diagnostics, 'warnOnce'>;
  recorder: Pick<Recorder, 'record' | 'seriesOf'>;
  /** Where events of a server are counted. */
  metricsOf(server: MonitoredServer): CustomMetrics;
  /** Whether an answer is that of a tool that has done what it was asked for. */
  isOk(answer: unknown): boolean;
  /** How long the shortest lease in force lasts; undefined where there is none any more. */
  onLease(shortestMs: number | undefined): void;
}

export class ControlPlane {
  readonly #deps: ControlPlaneDeps;
  readonly #byServer = new Map<MonitoredServer, ServerControls>();

  constructor(deps: ControlPlaneDeps) {
    this.#deps = deps;
  }

  /**
   * The controls of a server whose author permits something. Objects of the same name and version share them; one that
   * permits something else has none, because no author gets more than they permit.
   */
  permit(server: MonitoredServer, permissions: Permissions): ServerControls | undefined {
    if (Object.keys(permissions).length === 0) return undefined;
    const known = this.#byServer.get(server);
    if (known === undefined) return this.#add(server, permissions);
    if (isSame(known.permissions, permissions)) return known;
    this.#deps.diagnostics.warnOnce(
      'difference controls',
      'servers of the same name and version permit different controls; those of the first stay in force, the others have none',
    );
    return undefined;
  }

  of(server: MonitoredServer): ServerControls | undefined {
    return this.#byServer.get(server);
  }

  /** What the newest answer of the collector asks for; a policy that it does not bring again has ended. */
  obey(policies: readonly Policy[]): void {
    for (const controls of this.#byServer.values()) {
      const policy = policies.find(({ server }) => server === controls.server.name);
      if (policy === undefined) controls.end();
      else controls.apply(policy);
    }
  }

  /** All servers are as they were written. */
  end(): void {
    this.obey([]);
  }

  /** What the collector is told, with servers by their index; undefined where nobody permits anything. */
  states(servers: readonly MonitoredServer[]): ControlState[] | undefined {
    if (this.#byServer.size === 0) return undefined;
    return servers.flatMap((server, index) => {
      const controls = this.#byServer.get(server);
      return controls === undefined
        ? []
        : [{ server: index, permitted: controls.permitted, version: controls.version }];
    });
  }

  #add(server: MonitoredServer, permissions: Permissions): ServerControls {
    const { clock, recorder, isOk, metricsOf } = this.#deps;
    const metrics = metricsOf(server);
    const onLeaseChange = () => this.#tellLease();
    const controls = new ServerControls({ server, permissions, clock, recorder, metrics, isOk, onLeaseChange });
    this.#byServer.set(server, controls);
    return controls;
  }

  #tellLease(): void {
    const leases = [...this.#byServer.values()].flatMap(({ leaseMs }) => leaseMs ?? []);
    this.#deps.onLease(leases.length === 0 ? undefined : Math.min(...leases));
  }
}

function isSame(a: Permissions, b: Permissions): boolean {
  return a === b || JSON.stringify(a, listed) === JSON.stringify(b, listed);
}

function listed(_key: string, value: unknown): unknown {
  return value instanceof Set ? [...value] : value;
}
