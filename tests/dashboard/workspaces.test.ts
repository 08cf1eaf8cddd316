/** The page where several workspaces share a collector: which one is shown, and what somebody sees who may see one only. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeWithChromium } from '../../packages/collector/src/testing/describeWithChromium.ts';
import { batchOf } from './support/batches.ts';
import { createWorld, settled, type World } from './support/world.ts';

describeWithChromium('the page of several workspaces', (chromiumPath) => {
  let world: World;
  beforeAll(async () => {
    world = await createWorld({ chromiumPath: chromiumPath() });
    for (const workspace of ['team-a', 'team-b']) {
      // Slow enough for an alert.
      const durationsMs = new Array(30).fill(3_000);
      await world.collector.post(batchOf({ server: `shop-of-${workspace}`, tool: 'search', durationsMs, workspace }));
    }
  });
  afterAll(() => world?.end());

  const tiles = (page: Awaited<ReturnType<World['open']>>) => page.locator('.tile .name').allTextContents();

  it('shows all of them, each server with its workspace, until one is chosen', async () => {
    const page = await world.open('/');
    await settled(page);
    expect((await tiles(page)).filter((name) => name.startsWith('shop')).sort()).toEqual([
      'shop-of-team-a',
      'shop-of-team-b',
    ]);
    expect(await page.locator('.tile .workspace').allTextContents()).toEqual(
      expect.arrayContaining(['team-a', 'team-b']),
    );
    await page.getByLabel('Workspace').selectOption('team-a');
    await page.waitForURL(/\?workspace=team-a$/);
    await settled(page);
    expect(await tiles(page)).toEqual(['shop-of-team-a']);
    await page.getByRole('link', { name: 'Thresholds' }).click();
    expect(page.url()).toMatch(/\/thresholds\?workspace=team-a$/);
    expect(world.complaints()).toEqual([]);
  });

  it('changes things for the one that is shown', async () => {
    const page = await world.open('/alerts?workspace=team-a');
    const card = page.locator('.alert').first();
    await card.getByRole('button', { name: 'Silence' }).click();
    await card.getByLabel('Your name').fill('ann');
    await card.locator('form').getByRole('button', { name: 'Silence' }).click();
    await page.getByRole('region', { name: 'Silences' }).getByText('shop-of-team-a').waitFor();
    expect(await page.locator('main').textContent()).not.toContain('shop-of-team-b');
    const { silences } = await world.api<{ silences: { server: string }[] }>('/silences');
    expect(silences.map(({ server }) => server)).toEqual(['team-a::shop-of-team-a']);
  });
});
