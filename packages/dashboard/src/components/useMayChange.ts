/** Whether who looks may change things; what they may not is not offered. */
import { useObservable } from '../live/observable.ts';
import { session } from '../live/session.ts';

export function useMayChange(): boolean {
  const now = useObservable(session);
  return now.state === 'signed_in' && now.scope === 'admin';
}
