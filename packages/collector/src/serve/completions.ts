/** `completion/complete`: names for the variables of templates and the arguments of prompts. */
import type { CompleteRequestParams, CompleteResult } from '@modelcontextprotocol/server';
import type { AskContext } from './askTool.ts';
import type { Completer } from './knownNames.ts';
import { findPrompt } from './prompts/index.ts';
import { RESOURCES } from './resources/index.ts';

/** The most that the protocol allows. */
const MAX_VALUES = 100;

/** Never fails: who may not ask, or has asked too often, is offered nothing. */
export async function complete(params: CompleteRequestParams, context: AskContext): Promise<CompleteResult> {
  const { argument } = params;
  const completer = completerOf(params);
  const all = await completer?.(context, params.context?.arguments ?? {}).catch(() => []);
  const typed = argument.value.toLowerCase();
  const fitting = (all ?? []).filter((candidate) => candidate.toLowerCase().startsWith(typed));
  const values = fitting.slice(0, MAX_VALUES);
  return { completion: { values, total: fitting.length, hasMore: fitting.length > values.length } };
}

function completerOf({ ref, argument }: CompleteRequestParams): Completer | undefined {
  if (ref.type === 'ref/prompt') {
    return findPrompt(ref.name)?.arguments.find(({ name }) => name === argument.name)?.complete;
  }
  const resource = RESOURCES.find(({ uri }) => uri === ref.uri);
  return resource?.complete && Object.hasOwn(resource.complete, argument.name)
    ? resource.complete[argument.name]
    : undefined;
}
