/** A table that sorts by the heading that is pressed. */
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';

export interface TableColumn<Row> {
  title: string;
  isNumber?: boolean;
  cell(row: Row): ComponentChildren;
  /** Absent: it cannot be sorted by. */
  sortBy?(row: Row): number | string;
}

interface TableProps<Row> {
  caption: string;
  columns: readonly TableColumn<Row>[];
  rows: readonly Row[];
  keyOf(row: Row): string;
  /** Title of the column that it is sorted by at first, greatest first. */
  sortedBy?: string;
  /** Where there is no row. */
  none: string;
}

/** Rows that are drawn at first; more are a press away. */
const FIRST_ROWS = 100;

export function Table<Row>({ caption, columns, rows, keyOf, sortedBy, none }: TableProps<Row>) {
  const [sort, setSort] = useState<{ title: string | undefined; isAscending: boolean }>({
    title: sortedBy,
    isAscending: false,
  });
  const [isWhole, setWhole] = useState(false);
  if (rows.length === 0) return <p class="soft empty">{none}</p>;
  const sorted = sortRows(rows, columns.find(({ title }) => title === sort.title)?.sortBy, sort.isAscending);
  const shown = isWhole ? sorted : sorted.slice(0, FIRST_ROWS);
  const press = (title: string) =>
    setSort((before) => ({ title, isAscending: before.title === title ? !before.isAscending : false }));
  return (
    <div class="table-box" tabIndex={0} role="region" aria-label={`${caption}, as a table`}>
      <table>
        <caption class="hidden-visually">{caption}</caption>
        <thead>
          <tr>
            {columns.map(({ title, isNumber, sortBy }) => (
              <th
                key={title}
                scope="col"
                class={isNumber ? 'number' : ''}
                aria-sort={sort.title === title ? (sort.isAscending ? 'ascending' : 'descending') : undefined}
              >
                {sortBy ? (
                  <button type="button" class="sort" onClick={() => press(title)}>
                    {title}
                    <span aria-hidden="true">{sort.title === title ? (sort.isAscending ? ' ↑' : ' ↓') : ''}</span>
                  </button>
                ) : (
                  title
                )}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {shown.map((row) => (
            <tr key={keyOf(row)}>
              {columns.map(({ title, isNumber, cell }) => (
                <td key={title} class={isNumber ? 'number' : ''}>
                  {cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {shown.length < rows.length && (
        <button type="button" class="button more" onClick={() => setWhole(true)}>
          Show all {rows.length}
        </button>
      )}
    </div>
  );
}

function sortRows<Row>(
  rows: readonly Row[],
  sortBy: ((row: Row) => number | string) | undefined,
  isAscending: boolean,
): readonly Row[] {
  if (sortBy === undefined) return rows;
  const sign = isAscending ? 1 : -1;
  return [...rows].sort((a, b) => {
    const [x, y] = [sortBy(a), sortBy(b)];
    return x < y ? -sign : x > y ? sign : 0;
  });
}
