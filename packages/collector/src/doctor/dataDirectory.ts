/** Whether the data directory can be used, is private, and has room. */
import { accessSync, constants, statfsSync } from 'node:fs';
import { isOpenToOthers } from '../daemon/ownership.ts';
import { type Finding, ok, problem, warning } from './finding.ts';

const CHECK = 'data directory';
const LOW_BYTES = 1024 ** 3;
/** A collector with many servers writes about this much a day. */
const FULL_BYTES = 100 * 1024 ** 2;

export function checkDataDirectory(dataDir: string): Finding[] {
  try {
    accessSync(dataDir, constants.R_OK | constants.W_OK | constants.X_OK);
    return [checkMode(dataDir), checkSpace(dataDir)];
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT')
      return [warning(CHECK, `${dataDir} does not exist yet`, 'A collector makes it when it starts.')];
    return [problem(CHECK, `${dataDir} cannot be used (${code})`, 'Make it readable and writable for you.')];
  }
}

function checkMode(dataDir: string): Finding {
  if (!isOpenToOthers(dataDir)) return ok(CHECK, `${dataDir} is yours alone`);
  return problem(CHECK, `${dataDir} is open to other users`, `Run \`chmod 700\` on it.`);
}

function checkSpace(dataDir: string): Finding {
  const { bavail, bsize } = statfsSync(dataDir);
  return judgeSpace(bavail * bsize);
}

/** @param freeBytes what is left for this user */
export function judgeSpace(freeBytes: number): Finding {
  const free = `${(freeBytes / 1024 ** 3).toFixed(1)} GB free`;
  if (freeBytes >= LOW_BYTES) return ok('disk', free);
  const advice = 'Make room, or keep less: the settings under `retention` say how long data stays.';
  return freeBytes < FULL_BYTES ? problem('disk', free, advice) : warning('disk', free, advice);
}
