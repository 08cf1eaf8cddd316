/** A report's sections, drawn. */
import type { Block, Inline, Section } from './parseMarkdown.ts';

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

export function Words({ parts }: { parts: readonly Inline[] }) {
  return <>{parts.map(({ kind, text }, index) => (kind === 'code' ? <code key={index}>{text}</code> : text))}</>;
}

export function plain(parts: readonly Inline[]): string {
  return parts.map(({ text }) => text).join('');
}

function BlockView({ block, label }: { block: Block; label: string }) {
  switch (block.kind) {
    case 'paragraph':
      return (
        <p>
          <Words parts={block.text} />
        </p>
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

type TableProps = Pick<Extract<Block, { kind: 'table' }>, 'head' | 'rows'> & { label: string };

/** Wide tables scroll by themselves, and by the keyboard. */
function Table({ head, rows, label }: TableProps) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section class="scrolls" aria-label={label} tabIndex={0}>
      <table>
        <thead>
          <tr>
            {head.map((cell, column) => (
              <th key={column} scope="col" class={isNumeric(rows, column) ? 'number' : undefined}>
                <Words parts={cell} />
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((cells, row) => (
            <tr key={row}>
              {cells.map((cell, column) => (
                <td key={column} class={cellClass(cell, isNumeric(rows, column))}>
                  <Words parts={cell} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

const NUMBER = /^([+-]?[\d,.]+( (ms|%|s|min|h|d|bytes))?)?$/;

function isNumeric(rows: readonly Inline[][][], column: number): boolean {
  return rows.every((cells) => NUMBER.test(plain(cells[column] ?? [])));
}

/** Words of ours that judge; names from outside stand in code spans and are never taken for them. */
const JUDGEMENTS: Record<string, string> = {
  missed: 'tone-bad',
  critical: 'tone-bad',
  degrading: 'tone-bad',
  warning: 'tone-warn',
  met: 'tone-good',
  improving: 'tone-good',
};

function cellClass(cell: readonly Inline[], isNumber: boolean): string | undefined {
  const [only] = cell;
  if (isNumber) return 'number';
  if (cell.length !== 1 || only!.kind === 'code' || !Object.hasOwn(JUDGEMENTS, only!.text)) return undefined;
  return JUDGEMENTS[only!.text];
}
