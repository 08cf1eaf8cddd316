/** Whether an alert was worth it: what people say of it is how good the alerts are known to be. */
import { type Alert, answered, api } from '../api/client.ts';
import { Failure } from './Failure.tsx';
import { useAction } from './useAction.ts';

export function AlertFeedback({ alert }: { alert: Alert }) {
  const action = useAction();
  const judge = (feedback: 'useful' | 'false') =>
    action.run(() =>
      answered(api.POST('/alerts/{id}/feedback', { params: { path: { id: alert.alertId } }, body: { feedback } })),
    );
  return (
    <span class="feedback" role="group" aria-label="Was this alert worth it?">
      <button
        type="button"
        class="button button-quiet"
        aria-pressed={alert.feedback === 'useful'}
        onClick={() => judge('useful')}
      >
        Useful
      </button>
      <button
        type="button"
        class="button button-quiet"
        aria-pressed={alert.feedback === 'false'}
        onClick={() => judge('false')}
      >
        False alarm
      </button>
      <Failure failure={action.failure} />
    </span>
  );
}
