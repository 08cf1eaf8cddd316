import type { Inline } from './parseMarkdown.ts';

/** Running text with code spans; a name that is cut in a table can be read in full by pointing at it. */
export function Words({ parts }: { parts: readonly Inline[] }) {
  return (
    <>
      {parts.map(({ kind, text }, index) =>
        kind === 'code' ? (
          <code key={index} title={text}>
            {text}
          </code>
        ) : (
          text
        ),
      )}
    </>
  );
}
