/** Finds a server, a tool or a page by a part of its name. */
import { useMemo, useState } from 'preact/hooks';
import { visibleName } from '../format/visibleName.ts';
import { useObservable } from '../live/observable.ts';
import { overview } from '../live/stream.ts';
import { addressOf, go } from '../route/route.ts';
import { Dialog } from './Dialog.tsx';
import { NAVIGATION } from './Shell.tsx';
import { subjectAddress } from './Subject.tsx';
import { useTools } from './useTools.ts';

interface Hit {
  address: string;
  kind: string;
  name: string;
  /** Of a tool, its server. */
  of: string;
}

const MAX_HITS = 12;

export function Search({ onClose }: { onClose(): void }) {
  const [text, setText] = useState('');
  const [chosen, setChosen] = useState(0);
  const servers = useObservable(overview)?.servers;
  const tools = useTools();
  const all = useMemo<Hit[]>(
    () => [
      ...(servers ?? []).map(({ name }) => ({ address: addressOf('server', { name }), kind: 'server', name, of: '' })),
      ...tools.map(({ server, tool }) => ({
        address: subjectAddress(server, tool),
        kind: 'tool',
        name: tool,
        of: server,
      })),
      ...NAVIGATION.map(([page, title]) => ({ address: addressOf(page), kind: 'page', name: title, of: '' })),
    ],
    [servers, tools],
  );
  const hits = find(all, text);
  const open = (hit: Hit | undefined) => {
    if (hit === undefined) return;
    onClose();
    go(hit.address);
  };
  const press = (event: KeyboardEvent) => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step !== 0) {
      event.preventDefault();
      setChosen((hits.length + chosen + step) % Math.max(1, hits.length));
    } else if (event.key === 'Enter') {
      event.preventDefault();
      open(hits[chosen]);
    }
  };
  return (
    <Dialog title="Search" onClose={onClose}>
      <input
        class="search"
        type="text"
        role="combobox"
        aria-label="Name of a server, a tool or a page"
        aria-expanded="true"
        aria-controls="hits"
        aria-activedescendant={hits.length > 0 ? `hit-${chosen}` : undefined}
        autofocus
        placeholder="Server, tool or page"
        value={text}
        onInput={(event) => {
          setText(event.currentTarget.value);
          setChosen(0);
        }}
        onKeyDown={press}
      />
      <ul id="hits" class="hits" role="listbox" aria-label="Found">
        {hits.map((hit, i) => (
          <li
            key={hit.address}
            id={`hit-${i}`}
            role="option"
            aria-selected={i === chosen}
            onMouseMove={() => setChosen(i)}
            onClick={() => open(hit)}
          >
            <bdi class="cut">{visibleName(hit.name)}</bdi>
            <span class="soft cut">
              {hit.kind}
              {hit.of !== '' && (
                <>
                  {' of '}
                  <bdi>{visibleName(hit.of)}</bdi>
                </>
              )}
            </span>
          </li>
        ))}
      </ul>
      {hits.length === 0 && <p class="soft empty">Nothing of this name.</p>}
    </Dialog>
  );
}

/** Names that begin with the text first. */
function find(all: readonly Hit[], text: string): Hit[] {
  const wanted = text.trim().toLowerCase();
  return all
    .map((hit) => ({ hit, at: `${hit.name} ${hit.of}`.toLowerCase().indexOf(wanted) }))
    .filter(({ at }) => at !== -1)
    .sort((a, b) => Math.min(1, a.at) - Math.min(1, b.at))
    .slice(0, MAX_HITS)
    .map(({ hit }) => hit);
}
