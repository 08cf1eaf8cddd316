/** Thresholds: those for everything, and where something else applies. */
import { useState } from 'preact/hooks';
import { answered, api, callTool, type Threshold } from '../api/client.ts';
import { Failure } from '../components/Failure.tsx';
import { Name } from '../components/Name.tsx';
import { Panel } from '../components/Panel.tsx';
import { SeverityBadge } from '../components/Status.tsx';
import { SubjectFields } from '../components/SubjectFields.tsx';
import { Table, type TableColumn } from '../components/Table.tsx';
import { useAction } from '../components/useAction.ts';
import { useMayChange } from '../components/useMayChange.ts';
import { formatNumber } from '../format/numbers.ts';
import { useAnswer } from '../live/useAnswer.ts';

const METRICS = {
  response_time: { title: 'Response time (p95)', unit: 'ms' },
  error_rate: { title: 'Error rate', unit: '%' },
  cpu: { title: 'CPU', unit: '%' },
  memory: { title: 'Memory', unit: '%' },
} as const;

type Scope = Pick<Threshold, 'server' | 'tool' | 'metric' | 'severity'>;

function setThreshold({ server, tool, metric, severity }: Scope, threshold: number, enabled: boolean) {
  const scope = { ...(server !== '' && { mcpServer: server }), ...(tool !== '' && { toolName: tool }) };
  return callTool('set_alert_threshold', { ...scope, metric, severity, threshold, enabled });
}

export function ThresholdsPage() {
  const mayChange = useMayChange();
  const { data, failure } = useAnswer(
    'thresholds',
    async (signal) => (await answered(api.GET('/thresholds', { signal }))).thresholds,
    4_000,
  );
  const columns: TableColumn<Threshold>[] = [
    {
      title: 'Applies to',
      cell: (threshold) => <Scoped {...threshold} />,
      sortBy: ({ server, tool }) => `${server} ${tool}`,
    },
    { title: 'Metric', cell: ({ metric }) => METRICS[metric].title, sortBy: ({ metric }) => metric },
    {
      title: 'Severity',
      cell: ({ severity }) => <SeverityBadge severity={severity} />,
      sortBy: ({ severity }) => severity,
    },
    {
      title: 'Above',
      isNumber: true,
      cell: (threshold) => <ThresholdForm threshold={threshold} mayChange={mayChange} />,
    },
  ];
  return (
    <>
      <h1>Thresholds</h1>
      <p class="soft lead">
        For each metric the most specific one decides: of a tool of a server, of a tool anywhere, of a server, of
        everything.
      </p>
      <Failure failure={failure} />
      <div class="overview-columns">
        <div class="overview-main">
          <Panel title="In force">
            {data ? (
              <Table
                caption="Thresholds in force"
                columns={columns}
                rows={data}
                keyOf={({ thresholdId }) => thresholdId}
                none="None."
              />
            ) : (
              <div class="skeleton skeleton-page" />
            )}
          </Panel>
        </div>
        <div class="overview-side">
          {mayChange && <AddThreshold />}
          <Proposals mayChange={mayChange} />
        </div>
      </div>
    </>
  );
}

function Scoped({ server, tool }: Pick<Threshold, 'server' | 'tool'>) {
  if (server === '' && tool === '') return <b>everything</b>;
  return (
    <span>
      {tool !== '' && <Name text={tool} />}
      {server === '' ? (
        <span class="soft"> on any server</span>
      ) : tool === '' ? (
        <Name text={server} />
      ) : (
        <span>
          {' '}
          of <Name text={server} />
        </span>
      )}
    </span>
  );
}

function ThresholdForm({ threshold, mayChange }: { threshold: Threshold; mayChange: boolean }) {
  const action = useAction();
  const [value, setValue] = useState<string>();
  const { unit, title } = METRICS[threshold.metric];
  if (!mayChange) return <span>{threshold.enabled ? `${formatNumber(threshold.threshold)} ${unit}` : 'off'}</span>;
  const save = async (event: Event) => {
    event.preventDefault();
    if (await action.run(() => setThreshold(threshold, Number(value), true))) setValue(undefined);
  };
  const label = `${title}, ${threshold.severity}${threshold.server ? `, ${threshold.server}` : ''}${threshold.tool ? `, ${threshold.tool}` : ''}`;
  return (
    <form class="inline-form" onSubmit={save}>
      <label>
        <span class="hidden-visually">{label}</span>
        <input
          type="number"
          min="0"
          step="any"
          required
          disabled={!threshold.enabled}
          value={value ?? String(threshold.threshold)}
          onInput={(event) => setValue(event.currentTarget.value)}
        />
      </label>
      <span class="unit">{unit}</span>
      {value !== undefined && (
        <button type="submit" class="button button-main" disabled={action.isRunning}>
          Save
        </button>
      )}
      <button
        type="button"
        class="button"
        disabled={action.isRunning}
        aria-label={`${threshold.enabled ? 'Turn off' : 'Turn on'}: ${label}`}
        onClick={() => action.run(() => setThreshold(threshold, threshold.threshold, !threshold.enabled))}
      >
        {threshold.enabled ? 'Turn off' : 'Turn on'}
      </button>
      <Failure failure={action.failure} />
    </form>
  );
}

function AddThreshold() {
  const action = useAction();
  const [subject, setSubject] = useState({ server: '', tool: '' });
  const [metric, setMetric] = useState<keyof typeof METRICS>('response_time');
  const [severity, setSeverity] = useState<'warning' | 'critical'>('warning');
  const [value, setValue] = useState('');
  const submit = async (event: Event) => {
    event.preventDefault();
    if (await action.run(() => setThreshold({ ...subject, metric, severity }, Number(value), true))) setValue('');
  };
  return (
    <Panel title="Set one">
      <form class="form" onSubmit={submit}>
        <SubjectFields value={subject} onChange={setSubject} />
        <label>
          Metric{' '}
          <select value={metric} onChange={(event) => setMetric(event.currentTarget.value as keyof typeof METRICS)}>
            {Object.entries(METRICS).map(([name, { title }]) => (
              <option key={name} value={name}>
                {title}
              </option>
            ))}
          </select>
        </label>
        <label>
          Severity{' '}
          <select
            value={severity}
            onChange={(event) => setSeverity(event.currentTarget.value as 'warning' | 'critical')}
          >
            <option value="warning">warning</option>
            <option value="critical">critical</option>
          </select>
        </label>
        <label>
          Above, in {METRICS[metric].unit}{' '}
          <input
            type="number"
            min="0"
            step="any"
            required
            value={value}
            onInput={(event) => setValue(event.currentTarget.value)}
          />
        </label>
        <button type="submit" class="button button-main" disabled={action.isRunning}>
          Set
        </button>
        <Failure failure={action.failure} />
      </form>
    </Panel>
  );
}

function Proposals({ mayChange }: { mayChange: boolean }) {
  const action = useAction();
  const [wanted, setWanted] = useState(false);
  const { data, failure, isLoading } = useAnswer(`proposals ${wanted}`, async (signal) =>
    wanted ? (await answered(api.GET('/threshold-proposals', { signal }))).proposals : undefined,
  );
  return (
    <Panel title="Proposals" aside={<span class="soft">from the last week</span>}>
      {!wanted && (
        <button type="button" class="button" onClick={() => setWanted(true)}>
          Look for thresholds that fit better
        </button>
      )}
      {wanted && isLoading && <p class="soft empty">Reading a week of every tool…</p>}
      {data?.length === 0 && <p class="soft empty">None: what is set fits.</p>}
      <ul class="plain-list">
        {data?.map((proposal) => {
          const { server, tool, metric, severity, current, proposed, hours, hoursAboveCurrent, hoursAboveProposed } =
            proposal;
          return (
            <li key={JSON.stringify([server, tool, metric, severity])}>
              <p>
                <Scoped server={server} tool={tool} />: {METRICS[metric].title}, {severity}
              </p>
              <p class="soft">
                {current === null ? 'off' : formatNumber(current)} → {formatNumber(proposed)} {METRICS[metric].unit}
                {', '}
                above in {hoursAboveCurrent} → {hoursAboveProposed} of {hours} hours
              </p>
              {mayChange && (
                <button
                  type="button"
                  class="button"
                  disabled={action.isRunning}
                  onClick={() => action.run(() => setThreshold({ server, tool, metric, severity }, proposed, true))}
                >
                  Set it
                </button>
              )}
            </li>
          );
        })}
      </ul>
      <Failure failure={failure ?? action.failure} />
    </Panel>
  );
}
