/** As much room as what is waited for will take; none where it failed, which is said elsewhere. */
import type { ApiFailure } from '../api/client.ts';

export function Waiting({ failure, room }: { failure: ApiFailure | undefined; room: string }) {
  return failure === undefined ? <div class={`skeleton ${room}`} /> : null;
}
