/** Carries out a plan of `init` for one file, with a way back. */
import { VitalsError } from '../errors.ts';
import { readBytes } from './configDocument.ts';
import type { FilePlan } from './planInit.ts';
import { addRecord, removeRecord, type SetupRecord } from './records.ts';
import { replaceFile } from './replaceFile.ts';

/**
 * @returns what an undo will need; undefined when there was nothing to do
 * @throws VitalsError `conflict` when the file is no longer as it was planned for, `unavailable` when it cannot be written
 */
export function writeInit(plan: FilePlan, dataDir: string): SetupRecord | undefined {
  if (plan.changes.length === 0) return undefined;
  const { path, realPath, before, after, changes } = plan;
  const record = addRecord(dataDir, realPath, before, after, changes);
  try {
    if (!readBytes(realPath).equals(before)) {
      throw new VitalsError('conflict', `${path} was changed by another program meanwhile`, {
        hint: 'Close the client and try again.',
      });
    }
    replaceFile(realPath, after);
  } catch (error) {
    removeRecord(record);
    throw error;
  }
  return record;
}
