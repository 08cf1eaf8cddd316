/** Small things that other stages keep for themselves, as JSON by kind and key. */

import type { Item, ItemKind } from '../store.ts';
import type { Connection } from './db/connection.ts';

export class ItemTable {
  constructor(private readonly connection: Connection) {}

  save(kind: ItemKind, items: readonly Item[]): void {
    if (items.length === 0) return;
    this.connection.transaction(() => this.insert(kind, items));
  }

  /** Within the caller's transaction. */
  insert(kind: ItemKind, items: readonly Item[]): void {
    for (const { key, value } of items)
      this.connection.run('INSERT OR REPLACE INTO item VALUES (?, ?, ?)', kind, key, JSON.stringify(value));
  }

  read(kind: ItemKind, keys?: readonly string[]): Item[] {
    const where = keys === undefined ? 'kind = ?' : 'kind = ? AND key IN (SELECT value FROM json_each(?))';
    const values = keys === undefined ? [kind] : [kind, JSON.stringify(keys)];
    return this.connection
      .all(`SELECT key, body FROM item WHERE ${where} ORDER BY key`, ...values)
      .map(({ key, body }) => ({ key: String(key), value: JSON.parse(String(body)) }));
  }

  delete(kind: ItemKind, keys: readonly string[]): void {
    if (keys.length === 0) return;
    this.connection.transaction(() => {
      for (const key of keys) this.connection.run('DELETE FROM item WHERE kind = ? AND key = ?', kind, key);
    });
  }
}
