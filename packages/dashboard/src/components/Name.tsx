/** A name from outside: its direction is its own, it is cut where room ends, and whole on hovering. */
export function Name({ text, empty = '(no name)' }: { text: string; empty?: string }) {
  return (
    <bdi class="name" title={text}>
      {text === '' ? empty : text}
    </bdi>
  );
}
