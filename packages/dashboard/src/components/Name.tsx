import { visibleName } from '../format/visibleName.ts';

/** A name from outside: its direction is its own, what cannot be seen is written out, and what has no room shows on hovering. */
export function Name({ text, empty = '(no name)' }: { text: string; empty?: string }) {
  const shown = text === '' ? empty : visibleName(text);
  return (
    <bdi class="name" title={shown}>
      {shown}
    </bdi>
  );
}
