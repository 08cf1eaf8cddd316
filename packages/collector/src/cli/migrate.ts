/** `mcp-vitals migrate`: all that one store has, into another. What is done stays done: started again, it goes on. */
import type { Command } from 'commander';
import { systemClock } from '../clock.ts';
import type { ConfigFlags } from '../config/load.ts';
import type { Config } from '../config/schema.ts';
import { prepareDataDir, tryOwn } from '../daemon/ownership.ts';
import { VitalsError } from '../errors.ts';
import { type CopyProgress, type CopyResult, copyStore } from '../exchange/copyStore.ts';
import { DAY_MS } from '../model/rollup.ts';
import { openStore } from '../store/openStore.ts';
import { tryExclusiveLock } from '../store/sqlite/db/lock.ts';
import type { Store } from '../store/store.ts';
import { configOf, withConfigOptions } from './configOptions.ts';
import { createProgress, showsProgress } from './terminal/progress.ts';

type MigrateFlags = ConfigFlags & { from: string; to: string };

/** Differences that are listed one by one. */
const MAX_LISTED = 20;

export function migrateCommand(program: Command): void {
  const command = program.command('migrate').description('copy everything from one store to another, and compare them');
  withConfigOptions(command)
    .requiredOption('--from <store>', 'sqlite:DIR or postgres://...; no collector may run on a directory')
    .requiredOption('--to <store>', 'sqlite:DIR or postgres://...; collectors may run on a database')
    .action(async ({ from, to, ...flags }: MigrateFlags) => {
      const { config } = configOf(flags);
      const source = await openPlace(config, '--from', from);
      try {
        const target = await openPlace(config, '--to', to);
        try {
          report(await copy(config, from, source.store, target.store));
        } finally {
          await target.close();
        }
      } finally {
        await source.close();
      }
    });
}

interface Place {
  store: Store;
  close(): Promise<void>;
}

async function openPlace(config: Config, option: string, text: string): Promise<Place> {
  if (/^postgres(ql)?:\/\//.test(text)) {
    const { store } = await openStore({ config: { ...config, store: text }, clock: systemClock, isGuest: true });
    return { store, close: () => store.close() };
  }
  const dataDir = /^sqlite:(.+)$/.exec(text)?.[1];
  if (dataDir === undefined) {
    throw new VitalsError('invalid', `${option}: neither sqlite:DIR nor postgres://...`, {
      hint: 'E.g. --from sqlite:$HOME/.performance-data --to postgres://vitals@db.example.org/vitals',
    });
  }
  return openDirectory({ ...config, dataDir, store: 'sqlite' });
}

async function openDirectory(config: Config): Promise<Place> {
  prepareDataDir(config.dataDir);
  const ownership = tryOwn(config.dataDir, tryExclusiveLock);
  if (ownership === undefined) {
    throw new VitalsError('conflict', `A collector runs on ${config.dataDir}.`, { hint: 'Stop it first.' });
  }
  const { store } = await openStore({ config, clock: systemClock });
  // What is still in memory and in the journal becomes rows.
  await store.closeMinutes(systemClock.nowMs() + DAY_MS);
  return {
    store,
    async close() {
      await store.close();
      ownership.release();
    },
  };
}

async function copy(config: Config, source: string, from: Store, to: Store): Promise<CopyResult> {
  const nowMs = systemClock.nowMs();
  const range = { fromMs: nowMs - (config.retention.dayDays + 1) * DAY_MS, toMs: nowMs + DAY_MS };
  const name = source.replace(/\/\/[^@/]*@/, '//');
  const progress = createProgress('rows');
  const onProgress = showsProgress()
    ? ({ done, total, rows }: CopyProgress) => progress.update({ done, total, counted: rows })
    : sayTenths();
  try {
    return await copyStore({ from, to, source: name, range, onProgress });
  } finally {
    progress.end();
  }
}

/** Where nobody watches, a line for every tenth. */
function sayTenths(): (progress: CopyProgress) => void {
  let said = -1;
  return ({ done, total, rows }) => {
    const tenth = Math.floor((10 * done) / total);
    if (tenth === said) return;
    said = tenth;
    console.error(`${10 * tenth} %, ${rows} rows`);
  };
}

/** @throws VitalsError `conflict` when the target answers otherwise than the source */
function report({ rows, compared, differences }: CopyResult): void {
  console.log(`Copied ${rows} rows; compared ${compared} days of servers by counts and quantiles.`);
  if (differences.length === 0) return;
  for (const difference of differences.slice(0, MAX_LISTED)) console.error(difference);
  throw new VitalsError('conflict', `${differences.length} of ${compared} differ.`, {
    hint: 'Calls that were made meanwhile differ, too: stop what writes to either, and run it again.',
  });
}
