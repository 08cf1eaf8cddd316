/** The server that a page is about, which its address keeps. */
import { useObservable } from '../live/observable.ts';
import { overview } from '../live/stream.ts';
import { changeQuery } from '../route/route.ts';

/** @param server undefined: all */
export function ServerSelect({ server }: { server: string | undefined }) {
  const servers = useObservable(overview)?.servers ?? [];
  return (
    <label>
      Server{' '}
      <select
        value={server ?? ''}
        onChange={(event) => changeQuery({ server: event.currentTarget.value || undefined })}
      >
        <option value="">all</option>
        {servers.map(({ name }) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}
