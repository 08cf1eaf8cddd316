/** `mcp-vitals export`: the stored data as a tree of JSON lines. Only reads, so the collector may run meanwhile. */
import type { Command } from 'commander';
import { systemClock } from '../clock.ts';
import type { ConfigFlags } from '../config/load.ts';
import { VitalsError } from '../errors.ts';
import { exportTree } from '../exchange/exportTree.ts';
import { openStore } from '../store/openStore.ts';
import { configOf, withConfigOptions } from './configOptions.ts';
import { createProgress } from './terminal/progress.ts';

interface ExportFlags extends ConfigFlags {
  out: string;
  from?: string;
  to?: string;
}

/** Before and after anything that is ever stored. */
const BEGINNING_MS = 0;
const END_MS = Date.UTC(9999, 0);

export function exportCommand(program: Command): void {
  const command = program.command('export').description('write the stored data as a tree of JSON lines');
  withConfigOptions(command)
    .requiredOption('--out <dir>', 'a new or empty directory')
    .option('--from <time>', 'ISO 8601; default: everything')
    .option('--to <time>', 'ISO 8601, exclusive')
    .action(async ({ out, from, to, ...flags }: ExportFlags) => {
      const { config } = configOf(flags);
      const range = { fromMs: timeOf('--from', from, BEGINNING_MS), toMs: timeOf('--to', to, END_MS) };
      const { store } = await openStore({ config, clock: systemClock, readOnly: true, isGuest: true });
      const progress = createProgress('rows');
      try {
        await exportTree(store, out, range, (done) => progress.update({ done }));
      } finally {
        progress.end();
        await store.close();
      }
      console.log(`Exported ${config.store === 'sqlite' ? config.dataDir : 'the database'} to ${out}`);
    });
}

function timeOf(option: string, text: string | undefined, absent: number): number {
  const timeMs = text === undefined ? absent : Date.parse(text);
  if (Number.isNaN(timeMs)) {
    throw new VitalsError('invalid', `${option} ${text}: not a time`, { hint: 'E.g. 2025-10-31T13:00:00Z' });
  }
  return timeMs;
}
