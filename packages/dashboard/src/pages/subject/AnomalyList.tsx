/** What was unusual within the range, with where to look. */
import type { Anomaly } from '../../api/client.ts';
import { Panel } from '../../components/Panel.tsx';
import { SeverityBadge } from '../../components/Status.tsx';
import { Subject } from '../../components/Subject.tsx';
import { formatNumber, formatSpan, formatTime } from '../../format/numbers.ts';

export function AnomalyList({ anomalies }: { anomalies: readonly Anomaly[] }) {
  const worth = anomalies.filter(({ severity }) => severity !== 'info');
  return (
    <Panel title={`Anomalies (${worth.length})`}>
      {worth.length === 0 && <p class="soft empty">None in this range.</p>}
      <ul class="anomalies">
        {worth.slice(0, 20).map((anomaly) => (
          <li key={anomaly.anomalyId}>
            <p>
              <SeverityBadge severity={anomaly.severity} /> {anomaly.type.replaceAll('_', ' ')}
              {anomaly.tool !== '' && (
                <>
                  {' in '}
                  <Subject server={anomaly.server} tool={anomaly.tool} />
                </>
              )}
              , <b>{anomaly.deviation}</b>
            </p>
            <p class="soft">
              {formatTime(anomaly.at)}
              {anomaly.endedAt === null
                ? `, goes on for ${formatSpan(Date.now() - Date.parse(anomaly.at))}`
                : ` for ${formatSpan(Date.parse(anomaly.endedAt) - Date.parse(anomaly.at))}`}
              : {formatNumber(anomaly.currentValue)}, expected {anomaly.expectedRange}
            </p>
            {anomaly.recommendations.slice(1).map((line) => (
              <p key={line} class="soft">
                <bdi>{line}</bdi>
              </p>
            ))}
          </li>
        ))}
      </ul>
    </Panel>
  );
}
