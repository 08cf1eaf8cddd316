/**
 * What a plan changes, as a unified diff for a person to read. Values of environment variables and headers, which may be
 * secrets, are covered; the diff is there to be looked at, not to be applied.
 */
import { structuredPatch } from 'diff';
import { applyEdits, type Edit } from 'jsonc-parser';
import { serversOf } from './clients.ts';
import { type ConfigDocument, entriesOf, nodeAt, parseDocument } from './configDocument.ts';
import type { FilePlan } from './planInit.ts';

const COVER = '"***"';

/** Lines without line ends. Their texts are as they stand in the file, and hostile until escaped. */
export function configDiff({ path, before, after }: Pick<FilePlan, 'path' | 'before' | 'after'>): string[] {
  const [left, right] = [before, after].map((bytes) => uniformLines(covered(parseDocument(path, bytes))));
  const { hunks } = structuredPatch(path, path, left!, right!, undefined, undefined, { context: 3 });
  const body = hunks.flatMap(({ oldStart, oldLines, newStart, newLines, lines }) => [
    `@@ -${oldStart},${oldLines} +${newStart},${newLines} @@`,
    ...lines,
  ]);
  return [`--- ${path}`, `+++ ${path}`, ...body];
}

/** A diff of each line that only ends differently would tell nothing: line ends are kept as they are. */
function uniformLines(text: string): string {
  return text.replace(/\r\n?/g, '\n');
}

function covered(document: ConfigDocument): string {
  const edits = serversOf(document).flatMap(({ location }) =>
    ['env', 'headers'].flatMap((key) =>
      entriesOf(nodeAt(document.root, [...location, key])).map(
        ([, { offset, length }]): Edit => ({ offset, length, content: COVER }),
      ),
    ),
  );
  return applyEdits(document.text, edits);
}
