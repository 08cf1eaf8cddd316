/** A script of calls: what a server is to be asked, where its schemas do not say enough. JSON, or a call per line. */
import { z } from 'zod';
import { VitalsError } from '../../errors.ts';

const ScriptCall = z.strictObject({
  tool: z.string().min(1),
  arguments: z.record(z.string(), z.unknown()).default({}),
  /** How often, compared with the other calls of the tool. */
  weight: z.number().positive().max(1e6).optional(),
  /** How often, as a number. */
  times: z.int().positive().max(10_000_000).optional(),
});

export type ScriptCall = z.infer<typeof ScriptCall>;

/** @throws VitalsError `invalid` with the place of what is wrong; nothing of the arguments is in it */
export function parseScript(text: string): ScriptCall[] {
  const values = text.trimStart().startsWith('[') ? wholeFile(text) : lines(text);
  if (values.length === 0) throw new VitalsError('invalid', 'The script holds no call', { hint: SHAPE });
  return values.map(({ value, place }) => {
    const { data, error } = ScriptCall.safeParse(value);
    if (error === undefined) return data;
    const [issue] = error.issues;
    const path = issue!.path.length === 0 ? '' : `${issue!.path.map(String).join('.')}: `;
    throw new VitalsError('invalid', `${place} of the script: ${path}${issue!.message}`, { hint: SHAPE });
  });
}

const SHAPE = 'A call is e.g. {"tool": "search", "arguments": {"query": "tea"}, "weight": 2}.';

interface Placed {
  value: unknown;
  place: string;
}

function wholeFile(text: string): Placed[] {
  const values = parsed(text, 'The script') as unknown[];
  return values.map((value, i) => ({ value, place: `Call ${i + 1}` }));
}

function lines(text: string): Placed[] {
  return text
    .split('\n')
    .map((line, i) => ({ line, place: `Line ${i + 1}` }))
    .filter(({ line }) => line.trim() !== '')
    .map(({ line, place }) => ({ value: parsed(line, `${place} of the script`), place }));
}

function parsed(text: string, what: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new VitalsError('invalid', `${what} is no JSON`, { hint: SHAPE });
  }
}
