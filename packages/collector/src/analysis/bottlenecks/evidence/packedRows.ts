/**
 * Rows of numbers, each of a source that is named once: what goes to the thread of the analyses. Objects would take longer to
 * hand over than to analyse, on the thread on which batches wait.
 */

export interface PackedRows<Source> {
  sources: Source[];
  /** Numbers per row, that of its source included, which comes first. */
  width: number;
  /** One after the other, as they were read. */
  pieces: Float64Array[];
}

export class RowPacker<Source extends object> {
  readonly #sources: Source[] = [];
  readonly #numberOf = new Map<string, number>();
  readonly #pieces: Float64Array[] = [];

  /** @param columns numbers of a row, without that of its source */
  constructor(readonly columns: number) {}

  /** @param keyOf tells sources apart */
  add<Row>(
    rows: readonly Row[],
    sourceOf: (row: Row) => Source,
    keyOf: (row: Row) => string,
    numbersOf: (row: Row) => readonly number[],
  ): void {
    const width = this.columns + 1;
    const piece = new Float64Array(rows.length * width);
    for (const [i, row] of rows.entries()) {
      piece[i * width] = this.#number(keyOf(row), () => sourceOf(row));
      piece.set(numbersOf(row), i * width + 1);
    }
    if (rows.length > 0) this.#pieces.push(piece);
  }

  pack(): PackedRows<Source> {
    return { sources: this.#sources, width: this.columns + 1, pieces: this.#pieces };
  }

  #number(key: string, source: () => Source): number {
    const known = this.#numberOf.get(key);
    if (known !== undefined) return known;
    const number = this.#sources.push(source()) - 1;
    this.#numberOf.set(key, number);
    return number;
  }
}

/** The rows again, in the order in which they were added. */
export function unpackRows<Source, Row>(
  { sources, width, pieces }: PackedRows<Source>,
  rowOf: (source: Source, numbers: Float64Array) => Row,
): Row[] {
  return pieces.flatMap((piece) =>
    Array.from({ length: piece.length / width }, (_, i) => {
      const at = i * width;
      return rowOf(sources[piece[at]!]!, piece.subarray(at + 1, at + width));
    }),
  );
}
