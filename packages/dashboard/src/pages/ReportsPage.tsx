/** Reports: looked at here, taken along as a file. */
import { useState } from 'preact/hooks';
import { withWorkspace } from '../api/workspace.ts';
import { useObservable } from '../live/observable.ts';
import { overview } from '../live/stream.ts';
import { theme } from '../live/theme.ts';
import { choiceOf } from '../route/choice.ts';
import { changeQuery } from '../route/route.ts';

const KINDS = {
  daily: { title: 'The last day', minutes: 1440 },
  weekly: { title: 'The last week', minutes: 7 * 1440 },
  month: { title: 'The last 30 days', minutes: 30 * 1440 },
} as const;
type Kind = keyof typeof KINDS;

const FORMATS = ['html', 'markdown', 'json'] as const;

export function ReportsPage({ query }: { query: URLSearchParams }) {
  const kind = choiceOf<Kind>(query.get('kind'), KINDS, 'daily');
  const server = query.get('server') ?? '';
  const servers = useObservable(overview)?.servers ?? [];
  // Fixed while it is looked at, so that what is taken along is what was seen.
  const [madeAt, setMadeAt] = useState(() => new Date());
  const address = (format: string, download: boolean) => {
    const toMs = madeAt.getTime();
    const params = new URLSearchParams({
      from: new Date(toMs - KINDS[kind].minutes * 60_000).toISOString(),
      to: madeAt.toISOString(),
      format,
      ...(kind !== 'month' && { kind }),
      ...(server !== '' && { server }),
      ...(download && { download: '1' }),
    });
    return withWorkspace(`/api/v1/reports?${params}`);
  };
  return (
    <>
      <h1>Reports</h1>
      <div class="toolbar">
        <div class="range" role="group" aria-label="Which report">
          {Object.entries(KINDS).map(([name, { title }]) => (
            <button
              key={name}
              type="button"
              class="button"
              aria-pressed={name === kind}
              onClick={() => changeQuery({ kind: name })}
            >
              {title}
            </button>
          ))}
        </div>
        <label>
          Server{' '}
          <select value={server} onChange={(event) => changeQuery({ server: event.currentTarget.value || undefined })}>
            <option value="">all</option>
            {servers.map(({ name }) => (
              <option key={name} value={name}>
                {name}
              </option>
            ))}
          </select>
        </label>
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
