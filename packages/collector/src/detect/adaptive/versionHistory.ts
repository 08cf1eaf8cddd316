/** The versions that a server has reported: one that is new is a deployment. */
import type { Deploy } from '../../model/anomaly.ts';
import { DAY_MS, HOUR_MS } from '../../model/rollup.ts';

/** While instances are replaced one by one, the old and the new version report by turns: neither is new then. */
const REMEMBERED_MS = DAY_MS;
const NEW_MS = HOUR_MS;
/** Versions come from outside; more are not remembered. */
const MAX_VERSIONS = 20;

export class VersionHistory {
  deploy: Deploy | undefined;
  private current = '';
  private seen: { version: string; lastMs: number }[] = [];

  /** Whether the version has been there for less than an hour: the time in which it is watched closely. */
  isNew(atMs: number): boolean {
    return this.deploy !== undefined && atMs >= this.deploy.atMs && atMs - this.deploy.atMs < NEW_MS;
  }

  /**
   * @param version empty when the server does not tell
   * @returns the deployment, when this is one
   */
  observe(version: string, atMs: number): Deploy | undefined {
    if (version === '') return undefined;
    const known = this.seen.find((one) => one.version === version);
    const isDeploy = known === undefined && this.current !== '';
    if (isDeploy) this.deploy = { atMs, fromVersion: this.current, toVersion: version };
    const others = this.seen.filter((one) => one !== known && atMs - one.lastMs < REMEMBERED_MS);
    this.seen = [...others.slice(1 - MAX_VERSIONS), { version, lastMs: atMs }];
    this.current = version;
    return isDeploy ? this.deploy : undefined;
  }
}
