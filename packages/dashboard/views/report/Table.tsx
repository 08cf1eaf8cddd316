/** A table of a report: numbers to the right, names cut where they are long, the first rows first. */
import { useState } from 'preact/hooks';
import { type Block, type Inline, plain } from './parseMarkdown.ts';
import { Words } from './Words.tsx';

type TableProps = Pick<Extract<Block, { kind: 'table' }>, 'head' | 'rows'> & { label: string };

/** What stands in a conversation is short; the rest is a click away. */
const FIRST_ROWS = 10;
/** So few more are not worth a click. */
const SPARE_ROWS = 2;

/** Wide tables scroll by themselves, and by the keyboard. */
export function Table({ head, rows, label }: TableProps) {
  const [isWhole, setWhole] = useState(false);
  const shown = isWhole || rows.length <= FIRST_ROWS + SPARE_ROWS ? rows : rows.slice(0, FIRST_ROWS);
  const columns = head.map((_, column) => isNumeric(rows.map((cells) => plain(cells[column] ?? []))));
  return (
    <>
      <section class="scrolls" aria-label={label} tabIndex={0}>
        <table>
          <thead>
            <tr>
              {head.map((cell, column) => (
                <th key={column} scope="col" class={columns[column] ? 'number' : undefined}>
                  <Words parts={cell} />
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {shown.map((cells, row) => (
              <tr key={row}>
                {cells.map((cell, column) => (
                  <td key={column} class={columns[column] ? 'number' : cellClass(cell)}>
                    <Words parts={cell} />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      {shown.length < rows.length && (
        <button type="button" class="plain" onClick={() => setWhole(true)}>
          Show {rows.length - shown.length} more<span class="visually-hidden"> of {label}</span>
        </button>
      )}
    </>
  );
}

const NUMBER = /^([+-]?[\d,.]+( (ms|%|s|min|h|d|bytes))?)?$/;

/** Some cells may be empty. */
function isNumeric(cells: readonly string[]): boolean {
  return cells.some((cell) => cell !== '') && cells.every((cell) => NUMBER.test(cell));
}

/** Words of ours that judge; names from outside stand in code spans and are never taken for them. */
const TONES: Record<string, string> = {
  missed: 'tone-bad',
  critical: 'tone-bad',
  degrading: 'tone-bad',
  warning: 'tone-warn',
  met: 'tone-good',
  improving: 'tone-good',
};

/** A sentence in a cell is broken into lines; times and names are not. */
const SENTENCE_LENGTH = 24;

function cellClass(cell: readonly Inline[]): string | undefined {
  const [only] = cell;
  if (cell.length !== 1 || only!.kind === 'code') return undefined;
  if (Object.hasOwn(TONES, only!.text)) return TONES[only!.text];
  return only!.text.length > SENTENCE_LENGTH ? 'sentence' : undefined;
}
