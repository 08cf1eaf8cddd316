/** How durations are spread, over the span that it is compared with. */
import { answered, api } from '../../api/client.ts';
import { DistributionChart } from '../../charts/DistributionChart.tsx';
import { Panel } from '../../components/Panel.tsx';
import { Waiting } from '../../components/Waiting.tsx';
import { useAnswer } from '../../live/useAnswer.ts';
import { type Range, rangeLengthMs, rangeParams, refreshMs } from '../../route/range.ts';
import { shiftOf } from './comparison.ts';
import type { SubjectData } from './useSubjectData.ts';

interface DistributionPanelProps {
  server: string;
  tool: string;
  range: Range;
  against: string;
  data: Pick<SubjectData, 'deploys'>;
}

export function DistributionPanel({ server, tool, range, against, data }: DistributionPanelProps) {
  const lengthMs = rangeLengthMs(range);
  // Without a choice, with the span before it: a distribution alone says little.
  const shiftMs = shiftOf(against, range, data.deploys[0]?.at) ?? lengthMs;
  const params = rangeParams(range);
  const everyMs = refreshMs(range);
  const {
    data: distribution,
    failure,
    isLoading,
  } = useAnswer(
    `distribution ${JSON.stringify([server, tool, params, against])} ${against === 'deploy' ? shiftMs : ''}`,
    (signal) => {
      const toMs = range.kind === 'fixed' ? range.toMs : Date.now();
      const compareFrom = new Date(toMs - lengthMs - shiftMs).toISOString();
      const query = { server, ...(tool !== '' && { name: tool }), ...params, compareFrom };
      return answered(api.GET('/distribution', { params: { query }, signal }));
    },
    everyMs === undefined ? undefined : Math.max(20_000, everyMs),
  );
  return (
    <Panel title="Distribution" isStale={isLoading}>
      {distribution ? (
        <DistributionChart distribution={distribution} />
      ) : (
        <Waiting failure={failure} room="skeleton-distribution" />
      )}
    </Panel>
  );
}
