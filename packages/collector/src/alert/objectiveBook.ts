/** The objectives in force: those of the settings, which only their file changes, and those that people set on the page. */
import type { Objective } from '../config/schema.ts';
import { VitalsError } from '../errors.ts';
import type { Store } from '../store/store.ts';

const KIND = 'objective';
const MAX_OBJECTIVES = 200;

export class ObjectiveBook {
  readonly #store: Pick<Store, 'readItems' | 'saveItems' | 'deleteItems'>;
  readonly #ofSettings: readonly Objective[];
  readonly #set = new Map<string, Objective>();

  constructor(ofSettings: readonly Objective[], store: Pick<Store, 'readItems' | 'saveItems' | 'deleteItems'>) {
    this.#ofSettings = ofSettings;
    this.#store = store;
  }

  /** Takes up what was saved, instead of what it has. */
  async load(): Promise<void> {
    const items = await this.#store.readItems(KIND);
    this.#set.clear();
    for (const { value } of items) {
      const objective = value as Objective;
      // By its own name: a database may have had to write the key in another way.
      if (!this.isFixed(objective.name)) this.#set.set(objective.name, objective);
    }
  }

  list(): readonly Objective[] {
    return [...this.#ofSettings, ...this.#set.values()];
  }

  /** Whether it comes from the settings. */
  isFixed(name: string): boolean {
    return this.#ofSettings.some((objective) => objective.name === name);
  }

  /** Inserts or replaces by name. @throws VitalsError `conflict` */
  async set(objective: Objective): Promise<void> {
    const { name } = objective;
    if (this.isFixed(name)) throw fixed();
    if (!this.#set.has(name) && this.#set.size >= MAX_OBJECTIVES)
      throw new VitalsError('conflict', `There are ${MAX_OBJECTIVES} objectives`);
    await this.#store.saveItems(KIND, [{ key: name, value: objective }]);
    this.#set.set(name, objective);
  }

  /** @throws VitalsError `not_found`, `conflict` */
  async remove(name: string): Promise<void> {
    if (this.isFixed(name)) throw fixed();
    if (!this.#set.has(name)) throw new VitalsError('not_found', 'There is no objective of this name');
    await this.#store.deleteItems(KIND, [name]);
    this.#set.delete(name);
  }
}

function fixed(): VitalsError {
  return new VitalsError('conflict', 'This objective comes from the settings', {
    hint: 'Change it there: the setting objectives.',
  });
}
