/** Everything of a batch but its many rows, checked by zod: few values, and the messages name field and reason. */
import { z } from 'zod';
import { WIRE_LIMITS, WIRE_VERSION, WORKSPACE_NAME } from './types.ts';

const LAST_DATE_MS = 8.64e15;

const amount = z.number().min(0);
const shortText = z.string().max(1_000);

/** Further elements of a row are ignored. */
const serverRow = z.tuple([shortText, shortText, z.string().regex(WORKSPACE_NAME).nullish()], z.unknown());
const known = amount.nullish();
const resourceRow = z.tuple(
  [z.number(), amount, amount, amount, amount, amount, known, known, known, known, known],
  z.unknown(),
);

/** Unlike an object of JavaScript's, whose keys begin with a letter: nobody can name a part of its prototype. */
const dropped = z
  .record(z.string().regex(/^[A-Za-z][A-Za-z0-9_]{0,63}$/), z.int().min(0))
  .refine((reasons) => Object.keys(reasons).length <= WIRE_LIMITS.maxDroppedReasons, 'too many reasons');

/** A control that this reader does not know is passed over in decode.ts, so that there can be new ones. */
const controlRow = z.tuple([z.int().min(0), z.array(z.string().max(40)).max(20), z.int().min(0)], z.unknown());

export const batchHead = z.object({
  v: z.literal(WIRE_VERSION),
  instance: z.string().regex(/^[A-Za-z0-9_-]{1,64}$/),
  seq: z.int().min(1),
  process: z.object({ host: shortText, pid: z.int().min(0), runtime: shortText, sdk: shortText }),
  baseMs: z.number().min(0).max(LAST_DATE_MS),
  servers: z.array(serverRow).max(WIRE_LIMITS.maxServers),
  names: z.array(z.string().max(WIRE_LIMITS.maxNameLength)).max(WIRE_LIMITS.maxWindows + WIRE_LIMITS.maxInFlight),
  windows: z.array(z.unknown()).max(WIRE_LIMITS.maxWindows),
  laterWindows: z.array(z.unknown()).max(WIRE_LIMITS.maxWindows).optional(),
  resources: z.array(resourceRow).max(WIRE_LIMITS.maxResources),
  inFlight: z.array(z.unknown()).max(WIRE_LIMITS.maxInFlight),
  dropped,
  controls: z.array(controlRow).max(WIRE_LIMITS.maxServers).optional(),
});

export type BatchHead = z.infer<typeof batchHead>;

/** The first complaint in words, e.g. `process.pid: Invalid input: expected int, received string`. */
export function firstIssue(error: z.ZodError): string {
  const issue = error.issues[0]!;
  const path = issue.path.map((key, i) => (typeof key === 'number' ? `[${key}]` : `${i > 0 ? '.' : ''}${String(key)}`));
  return `${path.join('') || 'body'}: ${issue.message}`;
}
