/** What the keyboard does anywhere on the page, unless somebody is writing. */
import { useEffect } from 'preact/hooks';
import { toggleTheme } from '../live/theme.ts';
import { readRange } from '../route/range.ts';
import { addressOf, go, type PageName, route } from '../route/route.ts';
import { shiftRange } from './RangePicker.tsx';

/** After `g`. */
export const GO_KEYS: Readonly<Record<string, PageName>> = {
  o: 'overview',
  a: 'alerts',
  n: 'analysis',
  t: 'thresholds',
  s: 'objectives',
  r: 'reports',
  c: 'settings',
};

const GO_WITHIN_MS = 1_500;

interface KeyActions {
  search(): void;
  help(): void;
}

export function useKeys({ search, help }: KeyActions): void {
  useEffect(() => {
    let goUntilMs = 0;
    const shift = (direction: -1 | 1) => {
      if (route.value.page === 'server' || route.value.page === 'tool')
        shiftRange(readRange(route.value.query), direction);
    };
    const actions: Readonly<Record<string, () => void>> = {
      '/': search,
      '?': help,
      t: toggleTheme,
      g: () => {
        goUntilMs = performance.now() + GO_WITHIN_MS;
      },
      '[': () => shift(-1),
      ']': () => shift(1),
    };
    const press = (event: KeyboardEvent) => {
      if (event.key === 'k' && (event.metaKey || event.ctrlKey)) {
        event.preventDefault();
        return search();
      }
      if (
        event.metaKey ||
        event.ctrlKey ||
        event.altKey ||
        isWriting(event.target) ||
        document.querySelector('dialog[open]')
      )
        return;
      const page = performance.now() < goUntilMs ? GO_KEYS[event.key] : undefined;
      goUntilMs = 0;
      const action = page === undefined ? actions[event.key] : () => go(addressOf(page));
      if (action === undefined) return;
      event.preventDefault();
      action();
    };
    addEventListener('keydown', press);
    return () => removeEventListener('keydown', press);
  }, []);
}

function isWriting(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.matches('input, select, textarea, [contenteditable]');
}
