/** A suite that has a browser, and is skipped where the machine has none; never in the whole check. */
import { existsSync } from 'node:fs';
import { describe } from 'vitest';

export interface ChromiumLaunch {
  executablePath: string;
  args: string[];
}

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** As little as possible of what a browser does by itself. */
const ARGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

function findChromium(): string | undefined {
  return [process.env.MCP_VITALS_CHROMIUM ?? '', ...PLACES].find((place) => place !== '' && existsSync(place));
}

export function describeWithChromium(name: string, body: (chromium: ChromiumLaunch) => void): void {
  const found = findChromium();
  const isMissing = found === undefined && process.env.MCP_VITALS_CI !== '1';
  describe.skipIf(isMissing)(isMissing ? `${name} (needs Chromium)` : name, () => {
    // Where it must not be missing, starting it fails and says so.
    body({ executablePath: found ?? PLACES[0]!, args: ARGS });
  });
}
