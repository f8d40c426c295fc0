/** The end of a session: warned, extended, and final when nothing is done. */

import { PACA, SAMPLE_PASSWORD } from '../support/portals';
import { expectGoodScreen } from '../support/quality';
import { Header, SignInScreen } from '../support/screens';
import { expect, test } from '../support/test';

test.use({ ownServer: true });

test('a session about to end warns, can be extended, and ends when nothing is done', async ({ page, server }) => {
  await page.clock.install();
  const signIn = new SignInScreen(page, server, PACA);
  await signIn.open();
  await signIn.signIn({ identifier: 'praticien', password: SAMPLE_PASSWORD });
  const header = new Header(page);
  await expect(header.padlock).toBeVisible();

  const warning = page.getByRole('alertdialog').or(page.getByRole('dialog'));
  const turn = async (minutes: number) => {
    await server.advance(minutes * 60);
    await page.clock.fastForward(minutes * 60_000);
  };

  await turn(26);
  await expect(warning).toBeHidden();
  await turn(3);
  await expect(warning).toBeVisible();
  await expectGoodScreen(page);
  const extended = page.waitForResponse((response) => response.url().endsWith('/api/session/extension'));
  await warning.getByRole('button', { name: /prolonger|rester|continuer/i }).click();
  expect((await extended).status()).toBe(200);
  await expect(warning).toBeHidden();

  await turn(26);
  await expect(header.padlock).toBeVisible();
  await turn(3);
  await expect(warning).toBeVisible();
  await turn(2);
  await expect(signIn.identifier).toBeVisible();
  await expect(page.getByText(/session (a expiré|est terminée|terminée|a pris fin)/i)).toBeVisible();
  await expectGoodScreen(page);
});
