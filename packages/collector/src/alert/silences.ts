/** Silences: nothing is sent of what they name until they end. Alerts go on living, and what is held back is counted. */
import { randomUUID } from 'node:crypto';
import { VitalsError } from '../errors.ts';
import type { Silence } from '../model/alert.ts';
import { DAY_MS } from '../model/rollup.ts';
import type { SilenceInput } from '../serve/ports/alerts.ts';
import type { Store } from '../store/store.ts';

const KIND = 'silence';
const MAX_SILENCES = 1_000;
/** A silence always ends: one that does not is a monitor that was switched off. */
const MAX_LENGTH_MS = 90 * DAY_MS;

export class Silences {
  readonly #store: Pick<Store, 'readItems' | 'saveItems' | 'deleteItems'>;
  readonly #byId = new Map<string, Silence>();

  constructor(store: Pick<Store, 'readItems' | 'saveItems' | 'deleteItems'>) {
    this.#store = store;
  }

  /** Takes up what was saved, instead of what it has. */
  async load(): Promise<void> {
    const items = await this.#store.readItems(KIND);
    this.#byId.clear();
    for (const { key, value } of items) this.#byId.set(key, value as Silence);
  }

  /** Those in force and those to come, the one that ends first first. */
  list(nowMs: number): Silence[] {
    return [...this.#byId.values()].filter(({ untilMs }) => untilMs > nowMs).sort((a, b) => a.untilMs - b.untilMs);
  }

  /** @throws VitalsError `invalid` */
  async add({ server, tool, fromMs, untilMs, by, reason }: SilenceInput, nowMs: number): Promise<Silence> {
    if (untilMs <= Math.max(nowMs, fromMs))
      throw new VitalsError('invalid', 'A silence has to end after it begins, and after now');
    if (untilMs - nowMs > MAX_LENGTH_MS) throw new VitalsError('invalid', 'A silence ends within 90 days');
    if (this.list(nowMs).length >= MAX_SILENCES)
      throw new VitalsError('conflict', `There are ${MAX_SILENCES} silences`);
    const silence: Silence = { silenceId: `silence-${randomUUID()}`, server, tool, fromMs, untilMs, by, reason };
    await this.#store.saveItems(KIND, [{ key: silence.silenceId, value: silence }]);
    this.#byId.set(silence.silenceId, silence);
    return silence;
  }

  /** @throws VitalsError `not_found` */
  async end(silenceId: string): Promise<void> {
    if (!this.#byId.has(silenceId)) throw new VitalsError('not_found', 'There is no silence with this id');
    await this.#store.deleteItems(KIND, [silenceId]);
    this.#byId.delete(silenceId);
  }

  /** Forgets what has ended. */
  async prune(nowMs: number): Promise<void> {
    const ended = [...this.#byId.values()].filter(({ untilMs }) => untilMs <= nowMs).map(({ silenceId }) => silenceId);
    if (ended.length === 0) return;
    await this.#store.deleteItems(KIND, ended);
    for (const silenceId of ended) this.#byId.delete(silenceId);
  }
}
