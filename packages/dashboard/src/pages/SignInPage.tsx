/** For who has no session: how to get in. Nothing of the collector is shown. */
import { useState } from 'preact/hooks';
import type { ApiFailure } from '../api/client.ts';
import { Failure } from '../components/Failure.tsx';
import { useAction } from '../components/useAction.ts';
import { signIn } from '../live/session.ts';

export function SignInPage({ failure }: { failure: ApiFailure | undefined }) {
  const action = useAction();
  const [token, setToken] = useState('');
  const submit = (event: Event) => {
    event.preventDefault();
    void action.run(() => signIn({ token: token.trim() }));
  };
  return (
    <main class="sign-in">
      <h1>mcp-vitals</h1>
      {failure !== undefined && failure.status !== 401 && <Failure failure={failure} />}
      {failure?.status === 401 && (
        <p class="failure" role="alert">
          This link was used before, or is too old.
        </p>
      )}
      <p>This page needs to know that you may look. On the machine of the collector, run</p>
      <pre tabIndex={0}>
        <code>mcp-vitals dashboard</code>
      </pre>
      <p>and open the link that it prints. It works once; this browser is remembered for 30 days.</p>
      <form class="form" onSubmit={submit}>
        <label>
          <span>
            Or paste a token, from <code>tokens/read</code> or <code>tokens/admin</code> in the data directory
          </span>
          <input
            type="password"
            required
            autocomplete="off"
            value={token}
            onInput={(event) => setToken(event.currentTarget.value)}
          />
        </label>
        <button type="submit" class="button button-main" disabled={action.isRunning}>
          Let me in
        </button>
        <Failure failure={action.failure} />
      </form>
    </main>
  );
}
