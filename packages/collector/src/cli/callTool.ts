/** Calls one of the tools through the JSON API, as a program would. */
import { VitalsError } from '../errors.ts';

type AskToCall = (method: 'POST', path: string, body: object) => Promise<Record<string, unknown>>;

export interface ToolAnswer {
  /** For programs. */
  structured: Record<string, unknown>;
  /** What a model would be told, which is made to be read by people as well. */
  text: string;
}

/** @throws VitalsError `invalid` with what the tool said was wrong */
export async function callTool(tool: string, args: object, ask: AskToCall): Promise<ToolAnswer> {
  return answerOf(await ask('POST', `/api/v1/tools/${tool}`, args));
}

/** @throws VitalsError `invalid` with what the tool said was wrong */
export function answerOf({ content, isError, structuredContent }: Record<string, unknown>): ToolAnswer {
  const text = (content as { text: string }[]).map((part) => part.text).join('\n');
  if (isError) throw new VitalsError('invalid', text);
  return { structured: structuredContent as Record<string, unknown>, text };
}
