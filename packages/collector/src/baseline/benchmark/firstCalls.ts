/** Whether there is anything to measure: arguments for the tool, and a first call with each of them that succeeds. */
import { VitalsError } from '../../errors.ts';
import { within } from '../../serverProcess.ts';
import type { OpenServer } from '../connect/openServer.ts';
import type { Caller } from '../load/caller.ts';
import { exampleArguments } from '../plan/exampleArguments.ts';
import type { ListedTool, PlannedTool } from '../plan/planCalls.ts';
import type { BenchmarkJob } from './job.ts';

const ARGUMENTS_HINT = 'Write arguments for it into `arguments` of the target in the settings `benchmarks.targets`.';

/** A server that ends during a call says so a moment after its streams have closed. */
const ENDING_MS = 500;

/** @throws VitalsError `invalid` when no arguments can be made up */
export function plannedTool({ name, inputSchema }: ListedTool, { arguments: given }: BenchmarkJob): PlannedTool {
  if (given !== undefined)
    return { tool: name, calls: 0, variants: given.map((each) => ({ arguments: each, times: 1 })) };
  const made = exampleArguments(inputSchema);
  if ('arguments' in made) return { tool: name, calls: 0, variants: [{ arguments: made.arguments, times: 1 }] };
  throw new VitalsError('invalid', `No arguments can be made up for this tool: ${made.problem}`, {
    hint: ARGUMENTS_HINT,
  });
}

/**
 * One that fails would be measured as a fast failure, by hundreds.
 * @throws VitalsError `unavailable` with why, and what to do
 */
export async function firstCalls(caller: Caller, { tool, variants }: PlannedTool, server: OpenServer): Promise<void> {
  for (const variant of variants) {
    const outcome = await caller.call(tool, variant.arguments);
    if (outcome.ok || caller.isInterrupted) continue;
    const [reason, hint] = FIRST_FAILURE[outcome.kind] ?? FIRST_FAILURE.connection!;
    const ended = outcome.kind === 'connection' ? await within(ENDING_MS, server.ended) : undefined;
    const how = ended === undefined ? '' : ` (${ended})`;
    throw new VitalsError('unavailable', `Nothing was measured: ${reason}${how}`, { hint });
  }
}

const FIRST_FAILURE: Readonly<Record<string, readonly [reason: string, hint: string]>> = {
  tool_error: ['its first call was answered with an error', ARGUMENTS_HINT],
  protocol_error: ['its first call was refused', ARGUMENTS_HINT],
  timeout: ['its first call was not answered in time', 'Give it more time by `timeoutSeconds` of the target.'],
  connection: [
    'the server ended, or could not be reached, during its first call',
    'Run its command in a terminal, and read what it says.',
  ],
};
