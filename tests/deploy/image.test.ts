/** The image of the collector, by its steps: installed, run without rights on what cannot be written, asked, ended. */
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { freePort } from '../../packages/collector/src/testing/freePort.ts';
import { exerciseImage } from '../../scripts/exerciseImage.ts';
import { spawnContained, whyNot } from '../../scripts/image/container.ts';

/** Two installations by npm. */
const TIMEOUT_MS = 240_000;

const reason = whyNot();
const isSkipped = reason !== undefined && process.env.MCP_VITALS_CI !== '1';

describe.skipIf(isSkipped)(isSkipped ? `the image (${reason})` : 'the image', () => {
  it('is tried where nothing can be written but what is mounted to be', async () => {
    const script =
      'id -u; touch /etc/mcp-vitals-test 2>&1 | grep -c Read-only; touch /tmp/x && ls /tmp; cat /proc/self/status | grep CapBnd';
    const child = spawnContained(['sh', '-c', script], {
      user: '10001:10001',
      env: { PATH: process.env.PATH! },
      mounts: [{ to: '/tmp' }],
      readOnly: true,
    });
    let said = '';
    child.stdout!.on('data', (chunk: Buffer) => {
      said += chunk;
    });
    await once(child, 'close');
    expect(said).toBe('10001\n1\nx\nCapBnd:\t0000000000000000\n');
  });

  it(
    'installs, starts, is well, counts the calls of the example, and ends when it is told to',
    async () => {
      const exercised = await exerciseImage(await freePort());
      expect(exercised).toMatchObject({ exitCode: 0, errors: '', version: expect.stringMatching(/^\d+\.\d+\.\d+/) });
      expect(exercised.calls).toBeGreaterThan(0);
      // 63 when it was written: nothing that is for building only has come along.
      expect(exercised.installedMb).toBeLessThan(100);
    },
    TIMEOUT_MS,
  );
});
