/** A suite that needs a Chromium, and is skipped where the machine has none; never in the whole check. */
import { describe } from 'vitest';
import { findChromium } from '../print/findChromium.ts';

export { findChromium };

/** For whoever starts it from a test: nothing but the page, as root as well, with a new profile each time. */
export const CHROMIUM_ARGUMENTS: readonly string[] = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-dev-shm-usage',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export function describeWithChromium(name: string, body: (program: () => string) => void): void {
  const program = findChromium();
  const isMissing = program === undefined && process.env.MCP_VITALS_CI !== '1';
  describe.skipIf(isMissing)(isMissing ? `${name} (needs Chromium)` : name, () => {
    body(() => {
      if (program === undefined) throw new Error('There is no Chromium on this machine');
      return program;
    });
  });
}
