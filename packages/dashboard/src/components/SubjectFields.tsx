/** Two fields that name a server and a tool, with those that are known to choose from. */
import { useObservable } from '../live/observable.ts';
import { overview } from '../live/stream.ts';
import { useTools } from './useTools.ts';

export interface SubjectValue {
  server: string;
  tool: string;
}

interface SubjectFieldsProps {
  value: SubjectValue;
  onChange(value: SubjectValue): void;
  /** Whether a server has to be named. */
  needsServer?: boolean;
}

export function SubjectFields({ value, onChange, needsServer = false }: SubjectFieldsProps) {
  const servers = useObservable(overview)?.servers ?? [];
  const tools = useTools().filter(({ server }) => value.server === '' || server === value.server);
  return (
    <>
      <label>
        Server{' '}
        <input
          list="known-servers"
          required={needsServer}
          placeholder={needsServer ? '' : 'all servers'}
          value={value.server}
          onInput={(event) => onChange({ ...value, server: event.currentTarget.value })}
        />
      </label>
      <label>
        Tool{' '}
        <input
          list="known-tools"
          placeholder={needsServer ? 'the whole server' : 'all tools'}
          value={value.tool}
          onInput={(event) => onChange({ ...value, tool: event.currentTarget.value })}
        />
      </label>
      <datalist id="known-servers">
        {servers.map(({ name }) => (
          <option key={name} value={name} />
        ))}
      </datalist>
      <datalist id="known-tools">
        {[...new Set(tools.map(({ tool }) => tool))].map((tool) => (
          <option key={tool} value={tool} />
        ))}
      </datalist>
    </>
  );
}
