/**
 * Whether a tool may be called by a benchmark. Somebody may ask for it who is not the owner of the server, a model for
 * instance; so the settings name what may be called, and what may destroy something needs a second word of both: of the
 * settings, and of the call. A tool that says nothing is taken for what the protocol has clients take it for: destructive.
 */
import { VitalsError } from '../../errors.ts';
import type { ListedTool } from '../plan/planCalls.ts';

export interface Consent {
  /** That the settings name the tool in `allowDestructive`. */
  isAllowed: boolean;
  /** That the caller has said so in the call. */
  isAccepted: boolean;
}

/**
 * @returns the tool
 * @throws VitalsError `not_found` when the server has none of this name, `forbidden` without consent, `invalid` when it cannot be timed
 */
export function permittedTool(tools: readonly ListedTool[], name: string, consent: Consent): ListedTool {
  const tool = tools.find((each) => each.name === name);
  if (tool === undefined) {
    throw new VitalsError('not_found', 'The server has no tool of this name', {
      hint: 'Correct `tools` of the target in the settings `benchmarks.targets`; names are those of `tools/list`.',
    });
  }
  if (tool.execution?.taskSupport === 'required') {
    throw new VitalsError('invalid', 'This tool runs as a task only, which a benchmark does not time', {
      hint: 'Measure where the task is done.',
    });
  }
  if (mayDestroy(tool)) requireConsent(tool, consent);
  return tool;
}

/** By the protocol's defaults: a tool that does not say otherwise writes, and one that writes may destroy. */
export function mayDestroy({ annotations }: Pick<ListedTool, 'annotations'>): boolean {
  return annotations?.readOnlyHint !== true && annotations?.destructiveHint !== false;
}

function requireConsent({ annotations }: ListedTool, { isAllowed, isAccepted }: Consent): void {
  const saysSo = annotations?.destructiveHint === true;
  const why = saysSo
    ? 'This tool says that it may destroy something'
    : 'This tool does not say that it changes nothing, and by the protocol such a tool may destroy something';
  if (!isAllowed) {
    throw new VitalsError('forbidden', why, {
      hint: 'Where nothing can be lost, name it in `allowDestructive` of the target in the settings `benchmarks.targets`, and say so in the call too. Better: give it `readOnlyHint: true` if it only reads.',
    });
  }
  if (!isAccepted) {
    throw new VitalsError('forbidden', why, {
      hint: 'The settings allow it; give `consent: "I accept changes"` (on the command line `--accept-changes`) to call it many times.',
    });
  }
}
