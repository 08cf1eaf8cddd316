/** The rules in force: those of the settings, which only their file changes, and those that people and models set. */
import type { Config, Rule } from '../config/schema.ts';
import { VitalsError } from '../errors.ts';
import type { SetRule } from '../serve/ports/alerts.ts';
import type { Store } from '../store/store.ts';

const KIND = 'alert_rule';
const MAX_RULES = 500;

export interface RuleBookOptions {
  store: Pick<Store, 'readItems' | 'saveItems' | 'deleteItems'>;
  config: Pick<Config, 'alerts' | 'notifications'>;
}

export class RuleBook {
  readonly #options: RuleBookOptions;
  readonly #set = new Map<string, SetRule>();

  constructor(options: RuleBookOptions) {
    this.#options = options;
  }

  /** Takes up what was saved, instead of what it has. */
  async load(): Promise<void> {
    const items = await this.#options.store.readItems(KIND);
    this.#set.clear();
    for (const { value } of items) {
      const rule = value as SetRule;
      // By its own name: a database may have had to write the key in another way.
      if (!this.#isFixed(rule.name)) this.#set.set(rule.name, rule);
    }
  }

  /** All that are looked at. */
  list(): readonly Rule[] {
    return [...this.#options.config.alerts.rules, ...this.#set.values()];
  }

  /** Those that people and models set. */
  listSet(): readonly SetRule[] {
    return [...this.#set.values()];
  }

  /** Inserts or replaces by name. @throws VitalsError `conflict`, or `invalid` for a channel that is not there */
  async set(rule: SetRule): Promise<void> {
    const { name, channels = [] } = rule;
    if (this.#isFixed(name)) throw fixed();
    this.#checkChannels(channels);
    if (!this.#set.has(name) && this.#set.size >= MAX_RULES)
      throw new VitalsError('conflict', `There are ${MAX_RULES} rules`, { hint: 'Remove one that is not needed.' });
    await this.#options.store.saveItems(KIND, [{ key: name, value: rule }]);
    this.#set.set(name, rule);
  }

  /** @throws VitalsError `not_found`, `conflict` */
  async remove(name: string): Promise<void> {
    if (this.#isFixed(name)) throw fixed();
    if (!this.#set.has(name)) throw new VitalsError('not_found', 'There is no rule of this name');
    await this.#options.store.deleteItems(KIND, [name]);
    this.#set.delete(name);
  }

  #isFixed(name: string): boolean {
    return this.#options.config.alerts.rules.some((rule) => rule.name === name);
  }

  #checkChannels(channels: readonly string[]): void {
    const present = Object.keys(this.#options.config.notifications.channels);
    if (channels.every((name) => present.includes(name))) return;
    throw new VitalsError('invalid', 'A channel of the rule is not among the configured ones', {
      hint:
        present.length === 0
          ? 'No channel is configured: see the setting notifications.channels.'
          : `There are: ${present.join(', ')}.`,
    });
  }
}

function fixed(): VitalsError {
  return new VitalsError('conflict', 'A rule of this name comes from the settings', {
    hint: 'Change it there: the setting alerts.rules. Or take another name.',
  });
}
