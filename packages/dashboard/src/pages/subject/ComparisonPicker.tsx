import { changeQuery } from '../../route/route.ts';
import { COMPARISONS } from './comparison.ts';

export function ComparisonPicker({ against, hasDeploy }: { against: string; hasDeploy: boolean }) {
  return (
    <label class="nowrap">
      Compare with{' '}
      <select value={against} onChange={(event) => changeQuery({ against: event.currentTarget.value || undefined })}>
        {Object.entries(COMPARISONS).map(([value, title]) => (
          <option key={value} value={value} disabled={value === 'deploy' && !hasDeploy}>
            {title}
          </option>
        ))}
      </select>
    </label>
  );
}
