/** Alerts: what fires, what is over, what was; and the silences in force. */
import { answered, api, type Silence } from '../api/client.ts';
import { AlertCard } from '../components/AlertCard.tsx';
import { Failure } from '../components/Failure.tsx';
import { Name } from '../components/Name.tsx';
import { Panel } from '../components/Panel.tsx';
import { useAction } from '../components/useAction.ts';
import { useMayChange } from '../components/useMayChange.ts';
import { Waiting } from '../components/Waiting.tsx';
import { formatNumber, formatPercent, formatTime } from '../format/numbers.ts';
import { useAnswer } from '../live/useAnswer.ts';
import { choiceOf } from '../route/choice.ts';
import { changeQuery } from '../route/route.ts';

const VIEWS = { firing: 'Firing', over: 'Over, not resolved', resolved: 'Resolved' } as const;
type View = keyof typeof VIEWS;

const REFRESH_MS = 4_000;

export function AlertsPage({ query }: { query: URLSearchParams }) {
  const view = choiceOf<View>(query.get('view'), VIEWS, 'firing');
  const server = query.get('server') ?? undefined;
  const { data, failure, isLoading } = useAnswer(
    `alerts ${view} ${server}`,
    async (signal) => {
      const status = view === 'resolved' ? 'resolved' : 'unresolved';
      const params = { query: { status, server, limit: 500 } } as const;
      const { alerts } = await answered(api.GET('/alerts', { params, signal }));
      return view === 'resolved'
        ? alerts
        : alerts.filter(({ clearedAt }) => (clearedAt === null) === (view === 'firing'));
    },
    REFRESH_MS,
  );
  return (
    <>
      <h1>Alerts</h1>
      <div class="toolbar">
        <div class="range" role="group" aria-label="Which alerts">
          {Object.entries(VIEWS).map(([name, title]) => (
            <button
              key={name}
              type="button"
              class="button"
              aria-pressed={name === view}
              onClick={() => changeQuery({ view: name })}
            >
              {title}
            </button>
          ))}
        </div>
      </div>
      <Failure failure={failure} />
      <div class="overview-columns">
        <div class="overview-main">
          <Panel title={data ? `${VIEWS[view]} (${data.length})` : VIEWS[view]} isStale={isLoading}>
            {data === undefined && <Waiting failure={failure} room="skeleton-page" />}
            {data?.length === 0 && <p class="soft empty">None.</p>}
            {data?.map((alert) => (
              <AlertCard key={alert.alertId} alert={alert} />
            ))}
          </Panel>
        </div>
        <div class="overview-side">
          <Silences />
          <Quality />
        </div>
      </div>
    </>
  );
}

function Silences() {
  const { data } = useAnswer(
    'silences',
    async (signal) => (await answered(api.GET('/silences', { signal }))).silences,
    REFRESH_MS,
  );
  return (
    <Panel title="Silences">
      {data?.length === 0 && <p class="soft empty">None: everything is told.</p>}
      <ul class="plain-list">
        {data?.map((silence) => (
          <SilenceItem key={silence.silenceId} silence={silence} />
        ))}
      </ul>
    </Panel>
  );
}

function SilenceItem({ silence }: { silence: Silence }) {
  const action = useAction();
  const mayChange = useMayChange();
  const { silenceId, server, tool, until, by, reason } = silence;
  return (
    <li>
      <p>
        {tool === '*' ? 'all tools' : <Name text={tool} />} of <Name text={server} />
      </p>
      <p class="soft">
        until {formatTime(until)}, by <bdi>{by}</bdi>
        {reason !== '' && (
          <>
            : <bdi>{reason}</bdi>
          </>
        )}
      </p>
      {mayChange && (
        <button
          type="button"
          class="button"
          disabled={action.isRunning}
          onClick={() =>
            action.run(() => answered(api.DELETE('/silences/{id}', { params: { path: { id: silenceId } } })))
          }
        >
          End it
        </button>
      )}
      <Failure failure={action.failure} />
    </li>
  );
}

function Quality() {
  const { data } = useAnswer('alert quality', (signal) => answered(api.GET('/alert-quality', { signal })), 30_000);
  if (data === undefined) return null;
  const { days, alerts, useful, false: wrong, falseAlarmPercent, meanMinutesToEnd } = data;
  return (
    <Panel title={`How good they are (${days} days)`}>
      <dl class="outcomes">
        <div>
          <dt>Alerts</dt>
          <dd class="number">{alerts}</dd>
        </div>
        <div>
          <dt>Marked useful, false</dt>
          <dd class="number">
            {useful}, {wrong}
          </dd>
        </div>
        <div>
          <dt>False alarms</dt>
          <dd class="number">{falseAlarmPercent === null ? '–' : formatPercent(falseAlarmPercent)}</dd>
        </div>
        <div>
          <dt>Until the condition ended</dt>
          <dd class="number">{meanMinutesToEnd === null ? '–' : `${formatNumber(meanMinutesToEnd)} min`}</dd>
        </div>
      </dl>
    </Panel>
  );
}
