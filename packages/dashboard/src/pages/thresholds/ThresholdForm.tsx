/** The value of a threshold, to be changed where it stands. */
import { useState } from 'preact/hooks';
import type { Threshold } from '../../api/client.ts';
import { Failure } from '../../components/Failure.tsx';
import { useAction } from '../../components/useAction.ts';
import { formatNumber } from '../../format/numbers.ts';
import { labelOf, METRICS, setThreshold } from './metrics.ts';

export function ThresholdForm({ threshold, mayChange }: { threshold: Threshold; mayChange: boolean }) {
  const action = useAction();
  const [value, setValue] = useState<string>();
  const { unit } = METRICS[threshold.metric];
  if (!mayChange) return <span>{threshold.enabled ? `${formatNumber(threshold.threshold)} ${unit}` : 'off'}</span>;
  const save = async (event: Event) => {
    event.preventDefault();
    if (await action.run(() => setThreshold(threshold, Number(value), true))) setValue(undefined);
  };
  const label = labelOf(threshold);
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
