import { visibleName } from '../src/format/visibleName.ts';

/** A name from outside: isolated, so that what runs from right to left keeps to itself. */
export function Name({ text }: { text: string }) {
  const shown = visibleName(text);
  return <bdi title={shown}>{shown}</bdi>;
}
