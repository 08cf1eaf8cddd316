/** A report's sections, drawn. */

import { type Block, plain, type Section } from './parseMarkdown.ts';
import { Table } from './Table.tsx';
import { Words } from './Words.tsx';

/** The summary and the figures are what one looks for; the rest is a click away. */
const OPEN_SECTIONS = 2;

export function Document({ sections }: { sections: readonly Section[] }) {
  return (
    <>
      {sections.map(({ title, blocks }, index) => (
        <details key={index} open={index < OPEN_SECTIONS}>
          <summary>
            <h2>
              <Words parts={title} />
            </h2>
          </summary>
          {blocks.map((block, at) => (
            <BlockView key={at} block={block} label={`${plain(title)}, ${at + 1}`} />
          ))}
        </details>
      ))}
    </>
  );
}

function BlockView({ block, label }: { block: Block; label: string }) {
  switch (block.kind) {
    case 'paragraph':
      return (
        <p>
          <Words parts={block.text} />
        </p>
      );
    case 'heading':
      return (
        <h3>
          <Words parts={block.text} />
        </h3>
      );
    case 'list':
      return (
        <ul class="words">
          {block.items.map((item, index) => (
            <li key={index}>
              <Words parts={item} />
            </li>
          ))}
        </ul>
      );
    case 'table':
      return <Table {...block} label={label} />;
  }
}
