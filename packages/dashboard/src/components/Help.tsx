import { Dialog } from './Dialog.tsx';
import { NAVIGATION } from './Shell.tsx';
import { GO_KEYS } from './useKeys.ts';

const KEYS: readonly [string, string][] = [
  ['/ or Ctrl K', 'Search servers, tools and pages'],
  ['[ and ]', 'Earlier and later'],
  ['t', 'Light or dark'],
  ['?', 'This list'],
];

/** What the keyboard does. */
export function Help({ onClose }: { onClose(): void }) {
  const titles = new Map(NAVIGATION);
  const jumps = Object.entries(GO_KEYS).map(([key, page]) => [`g ${key}`, `Go to ${titles.get(page)}`] as const);
  return (
    <Dialog title="Keyboard" onClose={onClose}>
      <dl class="keys">
        {[...KEYS, ...jumps].map(([key, what]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
