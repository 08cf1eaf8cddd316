/**
 * HTML as PDF, through an installed Chromium: a child process with an empty profile of its own, without scripts and without a
 * network, that is given one file and ends.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { pathToFileURL } from 'node:url';
import { systemClock } from '../clock.ts';
import { VitalsError } from '../errors.ts';
import { devtoolsPipe } from './devtoolsPipe.ts';
import { SOUGHT } from './findChromium.ts';

const TIMEOUT_MS = 60_000;
/** Of what it says on stderr, for the message when it fails. */
const MAX_WORDS = 1_000;

const ARGUMENTS = [
  '--headless',
  '--remote-debugging-pipe',
  '--host-resolver-rules=MAP * ~NOTFOUND',
  '--disable-gpu',
  '--disable-dev-shm-usage',
  '--disable-extensions',
  '--disable-quic',
  '--disable-sync',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-crash-reporter',
  '--no-default-browser-check',
  '--no-first-run',
];

/** Page size and margins are the report's own. A tagged PDF can be read aloud, an outline leafed through. */
const PRINT = {
  preferCSSPageSize: true,
  printBackground: true,
  generateTaggedPDF: true,
  generateDocumentOutline: true,
};

/**
 * @param program see `findChromium`
 * @throws VitalsError `not_found` where there is none, `internal` when it fails, `unavailable` when it takes too long
 */
export async function printPdf(html: string, program: string | undefined, timeoutMs = TIMEOUT_MS): Promise<Buffer> {
  if (program === undefined) {
    throw new VitalsError('not_found', `A PDF is printed by an installed Chromium, and there is none: ${SOUGHT}`, {
      hint: 'Install one, or name it in CHROME_PATH; or take the format html and print from a browser.',
    });
  }
  const directory = mkdtempSync(join(tmpdir(), 'mcp-vitals-pdf-'));
  const child = start(program, join(directory, 'profile'));
  const ended = new Promise<void>((resolve) => void child.once('close', resolve));
  try {
    const page = join(directory, 'report.html');
    writeFileSync(page, html, { mode: 0o600 });
    return await Promise.race([print(child, pathToFileURL(page).href), failureOf(child, program, timeoutMs)]);
  } finally {
    child.kill('SIGKILL');
    await ended;
    // Its helpers may still be writing into the profile for a moment.
    rmSync(directory, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  }
}

function start(program: string, profile: string): ChildProcess {
  const isRoot = process.getuid?.() === 0;
  const args = [...ARGUMENTS, ...(isRoot ? ['--no-sandbox'] : []), `--user-data-dir=${profile}`, 'about:blank'];
  return spawn(program, args, { stdio: ['ignore', 'ignore', 'pipe', 'pipe', 'pipe'], windowsHide: true });
}

async function print(child: ChildProcess, address: string): Promise<Buffer> {
  const browser = devtoolsPipe(child.stdio[3] as Writable, child.stdio[4] as Readable);
  const { targetId } = await browser.send('Target.createTarget', { url: 'about:blank' });
  const { sessionId } = await browser.send('Target.attachToTarget', { targetId, flatten: true });
  const send = (method: string, params?: Record<string, unknown>) => browser.send(method, params, String(sessionId));
  await send('Emulation.setScriptExecutionDisabled', { value: true });
  await send('Page.enable');
  const loaded = browser.happened('Page.loadEventFired');
  await send('Page.navigate', { url: address });
  await loaded;
  const { data } = await send('Page.printToPDF', PRINT);
  return Buffer.from(String(data), 'base64');
}

/** Never resolves: rejects when the program ends or takes too long. */
function failureOf(child: ChildProcess, program: string, timeoutMs: number): Promise<never> {
  let words = '';
  child.stderr!.setEncoding('utf8').on('data', (text: string) => {
    words = (words + text).slice(-MAX_WORDS);
  });
  return new Promise((_, reject) => {
    const cancel = systemClock.after(timeoutMs, () =>
      reject(new VitalsError('unavailable', `${program} did not print within ${timeoutMs / 1000} s`)),
    );
    child.once('error', (error) => {
      cancel();
      reject(new VitalsError('internal', `${program} cannot be started: ${error.message}`, { cause: error }));
    });
    child.once('close', () => {
      cancel();
      reject(new VitalsError('internal', `${program} printed no PDF`, { hint: words.trim() }));
    });
  });
}
