/** Which of the two formats a scraper would rather have. */
const OPEN_METRICS = 'application/openmetrics-text';
const TEXT = 'text/plain';

/** @param accept the header as it came */
export function prefersOpenMetrics(accept: string | undefined): boolean {
  const openMetrics = quality(accept, OPEN_METRICS);
  return openMetrics > 0 && openMetrics >= quality(accept, TEXT);
}

/** The best `q` that the header gives a media type by its name; 0 when it does not name it. */
function quality(accept: string | undefined, mediaType: string): number {
  let best = 0;
  for (const range of accept?.split(',') ?? []) {
    const [type, ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
    if (type !== mediaType) continue;
    const q = parameters.find((parameter) => parameter.startsWith('q='));
    best = Math.max(best, q === undefined ? 1 : Number(q.slice(2)) || 0);
  }
  return best;
}
