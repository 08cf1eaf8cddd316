/** What went wrong, and what can be done about it. */
import type { ApiFailure } from '../api/client.ts';

export function Failure({ failure }: { failure: ApiFailure | undefined }) {
  if (failure === undefined) return null;
  return (
    <p class="failure" role="alert">
      {failure.message}
      {failure.hint !== undefined && <span class="soft"> {failure.hint}</span>}
    </p>
  );
}
