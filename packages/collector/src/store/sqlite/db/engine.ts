/**
 * Which SQLite library there is, and nothing else: `node:sqlite` where Node has it without a flag (22.13 and later),
 * else `@photostructure/sqlite`, which has the same interface and comes prebuilt.
 */
import { createRequire } from 'node:module';

export type SqlValue = null | number | bigint | string | Uint8Array;
export type Row = Record<string, SqlValue>;

export interface Statement {
  run(...values: SqlValue[]): { changes: number | bigint };
  get(...values: SqlValue[]): Row | undefined;
  all(...values: SqlValue[]): Row[];
  iterate(...values: SqlValue[]): IterableIterator<Row>;
}

export interface Engine {
  exec(sql: string): void;
  prepare(sql: string): Statement;
  close(): void;
}

export interface EngineOptions {
  readOnly: boolean;
}

type DatabaseConstructor = new (path: string, options: EngineOptions) => Engine;

const require = createRequire(import.meta.url);
let databaseSync: DatabaseConstructor | undefined;

export function openEngine(path: string, options: EngineOptions): Engine {
  databaseSync ??=
    builtinSqlite() ?? (require('@photostructure/sqlite') as { DatabaseSync: DatabaseConstructor }).DatabaseSync;
  return new databaseSync(path, options);
}

/** Node says on stderr that its SQLite is experimental; a user of the collector can do nothing about that. */
function builtinSqlite(): DatabaseConstructor | undefined {
  const emitWarning = process.emitWarning;
  process.emitWarning = () => {};
  try {
    const builtin = process.getBuiltinModule('node:sqlite') as { DatabaseSync: DatabaseConstructor } | undefined;
    return builtin?.DatabaseSync;
  } finally {
    process.emitWarning = emitWarning;
  }
}
