/** What the person looks at, and what a key makes of it. Pure: nothing is drawn or asked here. */

export const SORT_KEYS = ['health', 'calls', 'errors', 'p95', 'name'] as const;
export type SortKey = (typeof SORT_KEYS)[number];

export interface ViewState {
  view: 'servers' | 'tools';
  /** Only tools of this server. */
  server: string | undefined;
  sort: SortKey;
  isReversed: boolean;
  /** Only names that contain it. */
  filter: string;
  /** Whether keys go into the filter. */
  isTyping: boolean;
  /** Id of the row; undefined: the first, whichever that is. */
  selected: string | undefined;
}

/** As `readline` names them. */
export interface Key {
  name?: string | undefined;
  sequence?: string | undefined;
  ctrl?: boolean | undefined;
  meta?: boolean | undefined;
}

/** What is on the screen when a key is pressed. */
export interface Shown {
  /** Of all rows, in the order shown. */
  ids: readonly string[];
  /** Rows that fit. */
  pageRows: number;
}

export interface Pressed {
  state: ViewState;
  /** `quit` is what was asked for, `interrupt` and `suspend` are what a terminal would have sent signals for. */
  effect?: 'quit' | 'interrupt' | 'suspend';
}

const MAX_FILTER = 40;

export function press(state: ViewState, key: Key, shown: Shown): Pressed {
  if (key.ctrl && key.name === 'c') return { state, effect: 'interrupt' };
  if (key.ctrl && key.name === 'z') return { state, effect: 'suspend' };
  if (state.isTyping) return { state: typed(state, key) };
  if (key.name === 'escape') return escaped(state);
  if (key.sequence === 'q') return { state, effect: 'quit' };
  return { state: moved(state, key, shown) ?? chosen(state, key, shown) };
}

/** Out of what one is in: the filter, the server, the program. */
function escaped(state: ViewState): Pressed {
  if (state.filter !== '') return { state: { ...state, filter: '' } };
  return state.server === undefined ? { state, effect: 'quit' } : { state: back(state) };
}

function back(state: ViewState): ViewState {
  return { ...state, view: 'servers', server: undefined, filter: '', selected: state.server };
}

function typed(state: ViewState, { name, sequence = '', ctrl, meta }: Key): ViewState {
  if (name === 'return' || name === 'enter') return { ...state, isTyping: false };
  if (name === 'escape') return { ...state, isTyping: false, filter: '' };
  if (name === 'backspace') return { ...state, filter: [...state.filter].slice(0, -1).join('') };
  const isText = !ctrl && !meta && sequence !== '' && !/\p{C}/u.test(sequence);
  return isText ? { ...state, filter: (state.filter + sequence).slice(0, MAX_FILTER) } : state;
}

function moved(state: ViewState, { name, sequence }: Key, { ids, pageRows }: Shown): ViewState | undefined {
  const at = Math.max(0, state.selected === undefined ? 0 : ids.indexOf(state.selected));
  const key = sequence === 'G' ? 'end' : (name ?? '');
  const target = Object.hasOwn(TARGET, key) ? TARGET[key]?.(at, pageRows, ids.length) : undefined;
  if (target === undefined) return undefined;
  return { ...state, selected: ids[Math.min(ids.length - 1, Math.max(0, target))] };
}

const TARGET: Readonly<Record<string, (at: number, pageRows: number, rows: number) => number>> = {
  up: (at) => at - 1,
  k: (at) => at - 1,
  down: (at) => at + 1,
  j: (at) => at + 1,
  pageup: (at, pageRows) => at - pageRows,
  pagedown: (at, pageRows) => at + pageRows,
  home: () => 0,
  g: () => 0,
  end: (_at, _pageRows, rows) => rows - 1,
};

function chosen(state: ViewState, { name, sequence = '' }: Key, { ids }: Shown): ViewState {
  if (name === 'return' || name === 'enter' || name === 'right') return entered(state, ids);
  if ((name === 'backspace' || name === 'left') && state.server !== undefined) return back(state);
  const numbered = SORT_KEYS[Number(sequence) - 1];
  if (numbered !== undefined) return { ...state, sort: numbered, isReversed: false };
  switch (sequence) {
    case 's': {
      const next = SORT_KEYS[(SORT_KEYS.indexOf(state.sort) + 1) % SORT_KEYS.length]!;
      return { ...state, sort: next, isReversed: false };
    }
    case 'r':
      return { ...state, isReversed: !state.isReversed };
    case 't':
      if (state.view === 'tools') return { ...back(state), selected: undefined };
      return { ...state, view: 'tools', server: undefined, filter: '', selected: undefined };
    case '/':
      return { ...state, isTyping: true };
    default:
      return state;
  }
}

function entered(state: ViewState, ids: readonly string[]): ViewState {
  const server = state.selected ?? ids[0];
  if (state.view !== 'servers' || server === undefined) return state;
  return { ...state, view: 'tools', server, filter: '', selected: undefined };
}
