/** Another threshold, for a server or a tool. */
import { useState } from 'preact/hooks';
import { Failure } from '../../components/Failure.tsx';
import { Panel } from '../../components/Panel.tsx';
import { SubjectFields } from '../../components/SubjectFields.tsx';
import { useAction } from '../../components/useAction.ts';
import { METRICS, setThreshold } from './metrics.ts';

export function AddThreshold() {
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
