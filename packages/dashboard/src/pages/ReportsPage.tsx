/** Reports: looked at here, taken along as a file. */
import { useState } from 'preact/hooks';
import { withWorkspace } from '../api/workspace.ts';
import { ChoiceButtons } from '../components/ChoiceButtons.tsx';
import { ServerSelect } from '../components/ServerSelect.tsx';
import { useObservable } from '../live/observable.ts';
import { theme } from '../live/theme.ts';
import { choiceOf } from '../route/choice.ts';

const MINUTES = { daily: 1440, weekly: 7 * 1440, month: 30 * 1440 } as const;
type Kind = keyof typeof MINUTES;
const TITLES: Readonly<Record<Kind, string>> = {
  daily: 'The last day',
  weekly: 'The last week',
  month: 'The last 30 days',
};

const FORMATS = ['html', 'markdown', 'json'] as const;

export function ReportsPage({ query }: { query: URLSearchParams }) {
  const kind = choiceOf<Kind>(query.get('kind'), MINUTES, 'daily');
  const server = query.get('server') || undefined;
  // Fixed while it is looked at, so that what is taken along is what was seen.
  const [madeAt, setMadeAt] = useState(() => new Date());
  const address = (format: string, download: boolean) => {
    const toMs = madeAt.getTime();
    const params = new URLSearchParams({
      from: new Date(toMs - MINUTES[kind] * 60_000).toISOString(),
      to: madeAt.toISOString(),
      format,
      ...(kind !== 'month' && { kind }),
      ...(server !== undefined && { server }),
      ...(download && { download: '1' }),
    });
    return withWorkspace(`/api/v1/reports?${params}`);
  };
  return (
    <>
      <h1>Reports</h1>
      <div class="toolbar">
        <ChoiceButtons label="Which report" parameter="kind" chosen={kind} choices={TITLES} />
        <ServerSelect server={server} />
        <button type="button" class="button" onClick={() => setMadeAt(new Date())}>
          Make it again
        </button>
        <span class="controls">
          {FORMATS.map((format) => (
            <a key={format} class="button" href={address(format, true)} download>
              Download {format}
            </a>
          ))}
        </span>
      </div>
      <ReportFrame address={address('html', false)} />
    </>
  );
}

function ReportFrame({ address }: { address: string }) {
  // A report follows the system's colours, whatever was chosen for the page.
  useObservable(theme);
  return <iframe class="report" title="Preview of the report" src={address} sandbox="allow-same-origin allow-popups" />;
}
