/** `mcp-vitals import`: reads a tree that `export` wrote. The collector must not run: one process writes a store. */
import type { Command } from 'commander';
import { systemClock } from '../clock.ts';
import type { ConfigFlags } from '../config/load.ts';
import { prepareDataDir, tryOwn } from '../daemon/ownership.ts';
import { VitalsError } from '../errors.ts';
import { type ImportResult, importTree } from '../exchange/importTree.ts';
import { openStore } from '../store/openStore.ts';
import { tryExclusiveLock } from '../store/sqlite/db/lock.ts';
import { configOf, withConfigOptions } from './configOptions.ts';
import { createProgress } from './terminal/progress.ts';

/** Skipped lines that are listed one by one. */
const MAX_LISTED = 50;

export function importCommand(program: Command): void {
  withConfigOptions(program.command('import').description('read a tree that export wrote'))
    .argument('<dir>', 'the tree')
    .action(async (dir: string, flags: ConfigFlags) => {
      const { config } = configOf(flags);
      prepareDataDir(config.dataDir);
      const ownership = tryOwn(config.dataDir, tryExclusiveLock);
      if (ownership === undefined) {
        throw new VitalsError('conflict', `A collector runs on ${config.dataDir}.`, {
          hint: 'Stop it first, or import into another --data-dir.',
        });
      }
      const { store } = await openStore({ config, clock: systemClock, isGuest: true });
      const progress = createProgress('lines');
      try {
        const result = await importTree(store, dir, ({ doneBytes, totalBytes, lines }) =>
          progress.update({ done: doneBytes, total: totalBytes, counted: lines }),
        );
        progress.end();
        report(result);
      } finally {
        progress.end();
        await store.close();
        ownership.release();
      }
    });
}

function report({ added, unchanged, skipped }: ImportResult): void {
  for (const { file, line, reason } of skipped.slice(0, MAX_LISTED))
    console.error(`${file}:${line}: skipped: ${reason}`);
  if (skipped.length > MAX_LISTED) console.error(`and ${skipped.length - MAX_LISTED} more`);
  console.log(`Imported ${added}, already there or too old ${unchanged}, skipped ${skipped.length}`);
}
