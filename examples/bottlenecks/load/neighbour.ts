/** A process on the same machine that wants all of its cores, and more. */
import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';

/** Threads that always want to run, per core: with two, a fair scheduler leaves anybody else a third of a core. */
const PER_CORE = 2;

const BURN = 'for (;;) Math.sqrt(Math.random());';

/** Starts it and ends it at these seconds from now. Resolves when it is over. */
export async function disturb({ fromSecond, toSecond }: { fromSecond: number; toSecond: number }): Promise<void> {
  await sleep(1_000 * fromSecond);
  const burners = Array.from({ length: PER_CORE * availableParallelism() }, () =>
    spawn(process.execPath, ['-e', BURN], { stdio: 'ignore' }),
  );
  // Should this process end early, none of them may go on.
  const endAll = () => {
    for (const burner of burners) burner.kill('SIGKILL');
  };
  process.once('exit', endAll);
  await sleep(1_000 * (toSecond - fromSecond));
  endAll();
  process.off('exit', endAll);
}
