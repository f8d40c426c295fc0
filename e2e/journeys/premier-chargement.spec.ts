/** The first visit: few bytes, few requests, something to read before WebAssembly arrives. */

import { PORTALS } from '../support/portals';
import { SignInScreen } from '../support/screens';
import { expect, test } from '../support/test';

const MOST_BYTES = 120 * 1024;
const MOST_REQUESTS = 5;

for (const portal of PORTALS) {
  test(`${portal.name}: the form works after at most 120 KiB and 5 requests`, async ({ page, server, context }) => {
    const session = await context.newCDPSession(page);
    const sizes = new Map<string, number>();
    await session.send('Network.enable');
    session.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => sizes.set(requestId, encodedDataLength));

    await new SignInScreen(page, server, portal).open();
    await page.waitForLoadState('networkidle');

    const bytes = [...sizes.values()].reduce((sum, size) => sum + size, 0);
    expect(sizes.size).toBeGreaterThan(1);
    expect(sizes.size, 'requests').toBeLessThanOrEqual(MOST_REQUESTS);
    expect(bytes, 'bytes').toBeLessThanOrEqual(MOST_BYTES);
  });

  test(`${portal.name}: the shell is readable without WebAssembly and is replaced without a shift`, async ({ page, server }) => {
    await page.addInitScript(() => {
      const shifts: number[] = [];
      Object.assign(window, { shifts });
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries() as (PerformanceEntry & { value: number })[]) {
          shifts.push(entry.value);
        }
      }).observe({ type: 'layout-shift', buffered: true });
    });
    let release = () => {};
    const held = new Promise<void>((done) => {
      release = done;
    });
    await page.route('**/*.wasm', async (route) => {
      await held;
      await route.continue();
    });
    await page.goto(server.url(portal.host), { waitUntil: 'commit' });
    await expect(page.getByText(portal.support.email).first()).toBeVisible();
    await expect(page.getByText(/mot de passe/i).first()).toBeVisible();
    release();

    const signIn = new SignInScreen(page, server, portal);
    await signIn.untilMounted();
    const shift = await page.evaluate(() => (window as unknown as { shifts: number[] }).shifts.reduce((sum, value) => sum + value, 0));
    expect(shift).toBeLessThan(0.01);
  });
}
