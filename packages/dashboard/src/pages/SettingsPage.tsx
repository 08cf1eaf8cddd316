/** The settings in force, the ways to tell people, and this session. */
import { useState } from 'preact/hooks';
import { answered, api } from '../api/client.ts';
import { Failure } from '../components/Failure.tsx';
import { Panel } from '../components/Panel.tsx';
import { useAction } from '../components/useAction.ts';
import { useMayChange } from '../components/useMayChange.ts';
import { Waiting } from '../components/Waiting.tsx';
import { useObservable } from '../live/observable.ts';
import { session, signOut } from '../live/session.ts';
import { collectorVersion } from '../live/stream.ts';
import { useAnswer } from '../live/useAnswer.ts';

export function SettingsPage() {
  const [filter, setFilter] = useState('');
  const { data, failure } = useAnswer(
    'settings',
    async (signal) => (await answered(api.GET('/settings', { signal }))).settings,
  );
  const wanted = filter.toLowerCase();
  const shown = data?.filter(({ path, description }) => `${path} ${description}`.toLowerCase().includes(wanted));
  const search = (
    <label>
      <span class="hidden-visually">Filter settings</span>
      <input
        type="search"
        placeholder="Filter"
        value={filter}
        onInput={(event) => setFilter(event.currentTarget.value)}
      />
    </label>
  );
  return (
    <>
      <h1>Settings</h1>
      <p class="soft lead">
        Changed in <code>config.json</code> in the data directory, by environment variables, or by flags; in force after
        a restart.
      </p>
      <Failure failure={failure} />
      <div class="overview-columns">
        <div class="overview-main">
          <Panel title="In force" aside={search}>
            {shown === undefined && <Waiting failure={failure} room="skeleton-page" />}
            <dl class="settings">
              {shown?.map(({ path, value, isDefault, description, environment }) => (
                <div key={path}>
                  <dt>
                    <code>{path}</code> {!isDefault && <span class="badge badge-info">changed</span>}
                  </dt>
                  <dd>
                    <code title={environment}>{JSON.stringify(value)}</code>
                    <p class="soft">{description}</p>
                  </dd>
                </div>
              ))}
            </dl>
          </Panel>
        </div>
        <div class="overview-side">
          <Channels />
          <SessionPanel />
        </div>
      </div>
    </>
  );
}

function Channels() {
  const action = useAction();
  const mayChange = useMayChange();
  const [sentTo, setSentTo] = useState<string>();
  const { data } = useAnswer(
    'channels',
    async (signal) => (await answered(api.GET('/channels', { signal }))).channels,
    10_000,
  );
  const test = async (name: string) => {
    setSentTo(undefined);
    if (await action.run(() => answered(api.POST('/channels/{id}/test', { params: { path: { id: name } } }))))
      setSentTo(name);
  };
  return (
    <Panel title="Notification channels">
      {data?.length === 0 && <p class="soft empty">None: alerts are shown here and told to nobody.</p>}
      <ul class="plain-list">
        {data?.map(({ name, waiting, failures, error, counts }) => (
          <li key={name}>
            <p>
              <b>{name}</b>{' '}
              <span class={failures > 0 ? 'is-bad' : 'soft'}>
                {failures > 0 ? `failed ${failures} times: ${error ?? ''}` : 'works'}
              </span>
            </p>
            <p class="soft">
              {Object.entries(counts)
                .map(([what, count]) => `${count} ${what}`)
                .join(', ')}
              {waiting > 0 && `, ${waiting} waiting`}
            </p>
            {mayChange && (
              <button type="button" class="button" disabled={action.isRunning} onClick={() => test(name)}>
                Send a test
              </button>
            )}
            {sentTo === name && <span role="status"> Sent.</span>}
          </li>
        ))}
      </ul>
      <Failure failure={action.failure} />
    </Panel>
  );
}

function SessionPanel() {
  const now = useObservable(session);
  const version = useObservable(collectorVersion);
  const action = useAction();
  return (
    <Panel title="This session">
      <p>
        {now.state === 'signed_in' && now.scope === 'admin'
          ? 'You may look and change things.'
          : 'You may look, and change nothing.'}
      </p>
      <p class="soft">Collector {version}</p>
      <button type="button" class="button" onClick={() => action.run(signOut)}>
        Sign out
      </button>
      <Failure failure={action.failure} />
    </Panel>
  );
}
