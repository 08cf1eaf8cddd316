/** Prints for who asks the collector: one page after the other, because each takes a browser of its own. */
import { VitalsError } from '../errors.ts';
import type { Printer } from '../serve/ports/reports.ts';
import { findChromium } from './findChromium.ts';
import { printPdf } from './printPdf.ts';

/** Under way or waiting; each may take seconds, and a caller waits no longer than a minute. */
const MAX_PAGES = 4;

/** @param find looked for anew each time: one may be installed while the collector runs */
export function createPrinter(find: () => string | undefined = findChromium): Printer {
  let last: Promise<unknown> = Promise.resolve();
  let pages = 0;
  return {
    async pdf(html) {
      if (pages >= MAX_PAGES) {
        throw new VitalsError('unavailable', `${pages} PDFs are being printed already`, {
          hint: 'Try again in a minute, or take the format html.',
          retryAfterMs: 30_000,
        });
      }
      pages += 1;
      const printing = last.then(() => printPdf(html, find()));
      last = printing.catch(() => {});
      return printing.finally(() => {
        pages -= 1;
      });
    },
  };
}
