/** Takes back what was set. */
import { answered, api, type Threshold } from '../../api/client.ts';
import { RemoveButton } from '../../components/RemoveButton.tsx';
import { visibleName } from '../../format/visibleName.ts';
import { labelOf } from './metrics.ts';

export function RemoveThreshold({ threshold }: { threshold: Threshold }) {
  const { thresholdId, server, tool } = threshold;
  return (
    <RemoveButton
      what={`the threshold ${visibleName(labelOf(threshold))}`}
      remove={() => answered(api.DELETE('/thresholds/{id}', { params: { path: { id: thresholdId } } }))}
    >
      {server === '' && tool === ''
        ? 'The value that the collector comes with holds again.'
        : 'What is set for more holds again: for the tool anywhere, the server or everything.'}
    </RemoveButton>
  );
}
