/** What several routes take. */
import { z } from 'zod';
import { VitalsError } from '../../errors.ts';
import { DAY_MS, MINUTE_MS } from '../../model/rollup.ts';
import { TIMED_KINDS } from '../../model/series.ts';
import type { Subject } from '../../model/timeline.ts';
import type { TimeRange } from '../../store/store.ts';
import { isoTime, nameParam, parseTime, timeParam } from '../params.ts';

/** A range that a page asks for: two times, or the time up to now. */
export const rangeFields = {
  from: timeParam.optional().describe('ISO 8601; default: `minutes` before `to`'),
  to: timeParam.optional().describe('ISO 8601, exclusive; default: now'),
  minutes: z.coerce
    .number()
    .int()
    .min(1)
    .max(400 * 1440)
    .default(60)
    .describe('Length of the range without `from`'),
};

const MAX_RANGE_MS = 400 * DAY_MS;

/** @throws VitalsError `invalid` */
export function rangeOf(
  { from, to, minutes }: { from?: string | undefined; to?: string | undefined; minutes: number },
  nowMs: number,
): TimeRange {
  const toMs = to === undefined ? nowMs : parseTime('to', to);
  const fromMs = from === undefined ? toMs - minutes * MINUTE_MS : parseTime('from', from);
  if (fromMs >= toMs) throw new VitalsError('invalid', `from ${isoTime(fromMs)} is not before to ${isoTime(toMs)}`);
  if (toMs - fromMs > MAX_RANGE_MS) throw new VitalsError('invalid', 'The range is longer than 400 days');
  return { fromMs, toMs };
}

export const serverField = nameParam.optional().describe('Default: all servers');

export const subjectFields = {
  server: serverField,
  name: nameParam.optional().describe('Name of the tool, or of what `kind` says; needs `server`. Default: all tools'),
  kind: z.enum(TIMED_KINDS).default('tool'),
};

/** @throws VitalsError `invalid` */
export function subjectOf({ server, name, kind }: z.output<z.ZodObject<typeof subjectFields>>): Subject {
  if (name !== undefined && server === undefined)
    throw new VitalsError('invalid', 'name needs a server: tools of different servers may share a name');
  return { server, name, kind };
}

/** @throws VitalsError `invalid`, naming what is wrong */
export function parsed<Output>(schema: z.ZodType<Output>, given: unknown): Output {
  const result = schema.safeParse(given);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new VitalsError('invalid', `${issue!.path.join('.') || 'The request'}: ${issue!.message}`);
}
