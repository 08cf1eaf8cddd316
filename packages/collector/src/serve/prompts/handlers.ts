/** `prompts/list` and `prompts/get`, from the definitions. */
import {
  type GetPromptResult,
  type ListPromptsResult,
  ProtocolError,
  ProtocolErrorCode,
} from '@modelcontextprotocol/server';
import { VitalsError } from '../../errors.ts';
import { quoteUntrusted } from '../../model/untrusted.ts';
import { type AskContext, protocolError } from '../askTool.ts';
import type { PromptDefinition } from './definePrompt.ts';
import { findPrompt, PROMPTS } from './index.ts';

export const PROMPT_LIST: ListPromptsResult = {
  prompts: PROMPTS.map(({ name, title, description, arguments: declared }) => ({
    name,
    title,
    description,
    arguments: declared.map((argument) => ({
      name: argument.name,
      description: argument.description,
      required: false,
    })),
  })),
};

/** @throws ProtocolError */
export async function getPrompt(
  name: string,
  given: Readonly<Record<string, string>> = {},
  context: AskContext,
  onError: (error: unknown) => void,
): Promise<GetPromptResult> {
  const prompt = findPrompt(name);
  if (prompt === undefined) {
    throw new ProtocolError(ProtocolErrorCode.InvalidParams, `There is no prompt ${quoteUntrusted(name)}`);
  }
  try {
    const text = await prompt.ask(knownArguments(prompt, given), context);
    return { description: prompt.description, messages: [{ role: 'user', content: { type: 'text', text } }] };
  } catch (error) {
    throw protocolError(error, onError);
  }
}

/** Forms send an empty text for a field that was left empty. */
function knownArguments(prompt: PromptDefinition, given: Readonly<Record<string, string>>): Record<string, string> {
  const known = prompt.arguments.map(({ name }) => name);
  const unknown = Object.keys(given).find((name) => !known.includes(name));
  if (unknown !== undefined) {
    throw new VitalsError('invalid', `${prompt.name}: unknown argument ${quoteUntrusted(unknown)}`, {
      hint: `Arguments: ${known.join(', ')}.`,
    });
  }
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== ''));
}
