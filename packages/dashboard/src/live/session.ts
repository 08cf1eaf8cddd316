/** Who looks: nobody yet, somebody who may look, or somebody who may change things as well. */
import { type ApiFailure, answered, api } from '../api/client.ts';
import { Observable } from './observable.ts';

export type Session =
  | { state: 'unknown' }
  | { state: 'signed_out'; failure: ApiFailure | undefined }
  | { state: 'signed_in'; scope: 'read' | 'admin'; workspace: string | null };

export const session = new Observable<Session>({ state: 'unknown' });

/** Takes the code out of the address, if there is one, before anybody can copy it. */
function takeCode(): string | undefined {
  const code = /^#code=([\w-]+)$/.exec(location.hash)?.[1];
  if (code !== undefined) history.replaceState(null, '', location.pathname + location.search);
  return code;
}

/** Trades the code of the address for a session, or finds the one there is. */
export async function beginSession(): Promise<void> {
  const code = takeCode();
  if (code === undefined) return findSession();
  try {
    await signIn({ code });
  } catch (error) {
    // A link that was followed twice is no harm where the first time began a session.
    await findSession(error as ApiFailure);
  }
}

/** @throws ApiFailure */
export async function signIn(proof: { code: string } | { token: string }): Promise<void> {
  session.value = { state: 'signed_in', ...(await answered(api.POST('/session', { body: proof }))) };
}

export async function signOut(): Promise<void> {
  await answered(api.DELETE('/session'));
  session.value = { state: 'signed_out', failure: undefined };
}

async function findSession(failure?: ApiFailure): Promise<void> {
  try {
    session.value = { state: 'signed_in', ...(await answered(api.GET('/session'))) };
  } catch (error) {
    noticeFailure(error as ApiFailure, failure);
  }
}

/** For every failed request: one that says that there is no session ends what is shown. */
export function noticeFailure(error: ApiFailure, failure?: ApiFailure): void {
  if (error.status === 401) session.value = { state: 'signed_out', failure };
  else if (session.value.state === 'unknown') session.value = { state: 'signed_out', failure: failure ?? error };
}
