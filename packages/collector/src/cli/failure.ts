/** How a failed command ends for the person in front of it. */
import { VitalsError } from '../errors.ts';

/** What was wrong and what to do about it; a stack only where the failure is ours. */
export function describeFailure(error: unknown): string {
  if (error instanceof VitalsError) return [error.message, error.hint].filter(Boolean).join('\n');
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
