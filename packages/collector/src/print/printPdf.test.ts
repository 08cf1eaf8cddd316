import { chmodSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { describeWithChromium } from '../testing/describeWithChromium.ts';
import { findChromium } from './findChromium.ts';
import { printPdf } from './printPdf.ts';

const PAGE = '<!doctype html><title>t</title><style>@page{size:A4}p{break-after:page}</style>';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'mv-pdf-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const leftBehind = () => readdirSync(tmpdir()).filter((name) => name.startsWith('mcp-vitals-pdf-'));

function program(script: string): string {
  const path = join(directory, 'chromium');
  writeFileSync(path, `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o755);
  return path;
}

describe('findChromium', () => {
  it('takes what CHROME_PATH names, and nothing else then', () => {
    const path = program('');
    expect(findChromium({ CHROME_PATH: path, PATH: '' })).toBe(path);
    expect(findChromium({ CHROME_PATH: join(directory, 'none'), PATH: directory })).toBeUndefined();
  });

  it('looks on the PATH, but in no relative directory of it', () => {
    const path = program('');
    expect(findChromium({ PATH: `/nowhere:${directory}` }, 'linux')).toBe(path);
    expect(findChromium({ PATH: '.:' }, 'linux')).toBeUndefined();
    expect(findChromium({}, 'linux')).toBeUndefined();
  });

  it('takes no directory for a program', () => {
    expect(findChromium({ CHROME_PATH: directory })).toBeUndefined();
  });
});

describe('printPdf', () => {
  it('says what it looked for where there is none', async () => {
    await expect(printPdf(PAGE, findChromium({ CHROME_PATH: join(directory, 'none') }))).rejects.toMatchObject({
      code: 'not_found',
      message: expect.stringContaining('$CHROME_PATH'),
      hint: expect.stringContaining('the format html'),
    });
  });

  it('says what the program said when nothing was printed', async () => {
    await expect(printPdf(PAGE, program('echo no display >&2; exit 3'))).rejects.toMatchObject({
      code: 'internal',
      hint: 'no display',
    });
    await expect(printPdf(PAGE, join(directory, 'none'))).rejects.toMatchObject({ code: 'internal' });
    expect(leftBehind()).toEqual([]);
  });

  it('waits for nobody for ever', async () => {
    await expect(printPdf(PAGE, program('exec sleep 30'), 200)).rejects.toMatchObject({ code: 'unavailable' });
    expect(leftBehind()).toEqual([]);
  });
});

describeWithChromium('a real Chromium', (chromium) => {
  it('prints pages, runs no script and leaves nothing behind', async () => {
    const script = '<script>document.body.innerHTML = "<p>1</p><p>2</p><p>3</p><p>4</p><p>5</p>"</script>';
    const pdf = await printPdf(`${PAGE}<body><p>one</p><p>two</p>three${script}`, chromium());
    expect(pdf.subarray(0, 5).toString('latin1')).toBe('%PDF-');
    expect(pdf.toString('latin1').match(/\/Type\s*\/Page\b/g)).toHaveLength(3);
    expect(leftBehind()).toEqual([]);
  });
});
