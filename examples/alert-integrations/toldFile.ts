/** Where the three servers write down what they were asked to do: one line of JSON each, in the file `$TOLD_FILE`. */
import { appendFileSync } from 'node:fs';

export function writeDown(tool: string, input: object) {
  const path = process.env.TOLD_FILE;
  if (path === undefined) throw new Error('TOLD_FILE is not set');
  appendFileSync(path, `${JSON.stringify({ tool, ...input })}\n`);
  return { content: [{ type: 'text' as const, text: 'done' }] };
}
