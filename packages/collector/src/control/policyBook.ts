/**
 * The policies of all servers: what is in force, what was, and what each replaced. Written down before anybody is told of it. A
 * version is a number that the store gives once, so that no process ever takes an old policy for a new one, whichever
 * collector it hears it from.
 */
import { VitalsError } from '../errors.ts';
import { isInForce, type PolicyRecord } from '../model/optimization/policyRecord.ts';
import type { Store } from '../store/store.ts';

const KIND = 'policy';
/** Of a server; older ones are forgotten. */
const KEPT_RECORDS = 50;

export type BookStore = Pick<Store, 'readItems' | 'saveItems' | 'deleteItems' | 'nextNumber'>;

export class PolicyBook {
  /** By server, oldest first. */
  #records = new Map<string, PolicyRecord[]>();

  constructor(private readonly store: BookStore) {}

  /** Takes up what was saved, instead of what it has. */
  async load(): Promise<void> {
    const items = await this.store.readItems(KIND);
    const records = items.map(({ value }) => value as PolicyRecord).sort((a, b) => a.version - b.version);
    const byServer = new Map<string, PolicyRecord[]>();
    for (const record of records) byServer.set(record.server, [...(byServer.get(record.server) ?? []), record]);
    this.#records = byServer;
  }

  inForce(server: string, nowMs: number): PolicyRecord | undefined {
    const newest = this.#records.get(server)?.at(-1);
    return newest !== undefined && isInForce(newest, nowMs) ? newest : undefined;
  }

  /** When the calls of a server were last given another policy, or lost one; 0 when never. */
  lastChangeMs(server: string): number {
    const newest = this.#records.get(server)?.at(-1);
    if (newest === undefined) return 0;
    const { state, outcome, appliedAtMs } = newest;
    return state === 'undone' || state === 'expired' ? outcome!.atMs : appliedAtMs;
  }

  /** Newest first. */
  records(): PolicyRecord[] {
    return [...this.#records.values()].flat().sort((a, b) => b.appliedAtMs - a.appliedAtMs || b.version - a.version);
  }

  /** One that replaces whatever is in force. Resolves once it is durable. */
  async add(record: Omit<PolicyRecord, 'version'>, nowMs: number): Promise<PolicyRecord> {
    const before = this.inForce(record.server, nowMs);
    const added: PolicyRecord = { ...record, version: await this.#nextVersion(record.server) };
    if (before !== undefined) await this.save({ ...before, state: 'replaced' });
    await this.save(added);
    await this.#forgetOldest(record.server);
    return added;
  }

  /** What has become of it. */
  async save(record: PolicyRecord): Promise<void> {
    await this.store.saveItems(KIND, [{ key: keyOf(record), value: record, server: record.server }]);
    const others = (this.#records.get(record.server) ?? []).filter(({ version }) => version !== record.version);
    this.#records.set(
      record.server,
      [...others, record].sort((a, b) => a.version - b.version),
    );
  }

  /**
   * Changes one that is in force, unless another collector was quicker.
   * @throws VitalsError `conflict`
   */
  async settle(record: PolicyRecord, change: Pick<PolicyRecord, 'state' | 'outcome'>): Promise<PolicyRecord> {
    const [item] = await this.store.readItems(KIND, [keyOf(record)]);
    if (item === undefined || (item.value as PolicyRecord).state !== record.state) {
      await this.load();
      throw new VitalsError('conflict', `Policy ${record.version} was changed by somebody else meanwhile`, {
        hint: 'Look at it again: mcp-vitals optimize --list',
      });
    }
    const settled = { ...record, ...change };
    await this.save(settled);
    return settled;
  }

  /** Where numbers began anew, as in another store, those that are known are passed over. */
  async #nextVersion(server: string): Promise<number> {
    const newest = this.#records.get(server)?.at(-1)?.version ?? 0;
    for (;;) {
      const version = await this.store.nextNumber(`policy ${server}`);
      if (version > newest) return version;
    }
  }

  async #forgetOldest(server: string): Promise<void> {
    const records = this.#records.get(server)!;
    const surplus = records.slice(0, Math.max(0, records.length - KEPT_RECORDS));
    if (surplus.length === 0) return;
    await this.store.deleteItems(KIND, surplus.map(keyOf));
    this.#records.set(server, records.slice(surplus.length));
  }
}

/** In the order of versions. */
function keyOf({ server, version }: PolicyRecord): string {
  return `${server} ${String(version).padStart(12, '0')}`;
}
