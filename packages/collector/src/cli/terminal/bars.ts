/** Small pictures of numbers, one line high. */

const LEVELS = '▁▂▃▄▅▆▇█';
const EIGHTHS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];

/**
 * One character for each value, or for the mean of several where there is less room. Blank where there is nothing; what is
 * small and not nothing can be seen.
 */
export function sparkline(values: readonly (number | null)[], columns: number): string {
  const points = squeezed(values, Math.min(columns, values.length));
  const greatest = Math.max(0, ...points.map((value) => value ?? 0));
  return points
    .map((value) => {
      if (value === null || value <= 0) return ' ';
      return LEVELS[Math.max(0, Math.ceil((value / greatest) * LEVELS.length) - 1)] ?? ' ';
    })
    .join('');
}

/** Means, so that bins of two and of three values show the same of the same. */
function squeezed(values: readonly (number | null)[], bins: number): (number | null)[] {
  return Array.from({ length: bins }, (_, bin) => {
    const slice = values.slice(
      Math.floor((bin * values.length) / bins),
      Math.floor(((bin + 1) * values.length) / bins),
    );
    const known = slice.filter((value) => value !== null);
    return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0) / known.length;
  });
}

/** @param share 0 to 1 */
export function bar(share: number, columns: number): string {
  const eighths = Math.round(Math.min(1, Math.max(0, share)) * columns * 8);
  const text = '█'.repeat(Math.floor(eighths / 8)) + EIGHTHS[eighths % 8];
  return text === '' && share > 0 && columns > 0 ? EIGHTHS[1]! : text;
}
