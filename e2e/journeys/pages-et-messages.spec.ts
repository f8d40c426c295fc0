/** Legal notice, contacts, an address that leads nowhere, and the demo's mailbox. */

import { AURA, NEUTRAL, PORTALS, SAMPLE_PASSWORD } from '../support/portals';
import { expectGoodInEveryDress, expectGoodScreen } from '../support/quality';
import { SignInScreen, chooseLanguage, untilMounted } from '../support/screens';
import { expect, test } from '../support/test';

test('the legal notice and the contacts open from the footer', async ({ page, server }) => {
  await new SignInScreen(page, server, AURA).open();
  for (const name of [/^Mentions légales$/i, /^Contacts$/i]) {
    await page.getByRole('contentinfo').getByRole('link', { name }).click();
    await expect(page.getByRole('heading', { level: 1, name })).toBeVisible();
    await expectGoodInEveryDress(page, (tag) => chooseLanguage(page, tag));
  }
});

test('an address that leads nowhere says so, with a way home', async ({ page, server }) => {
  await page.goto(server.url(NEUTRAL.host, '/nulle-part'));
  await untilMounted(page);
  await expect(page.getByRole('heading', { name: /introuvable|n'existe pas|trouvée/i })).toBeVisible();
  await expectGoodScreen(page);
});

for (const portal of PORTALS) {
  test(`${portal.name}: the support is told at the same place on every page`, async ({ page, server }) => {
    const signIn = new SignInScreen(page, server, portal);
    const inFooter = page.getByRole('contentinfo').getByText(portal.support.email).first();
    await signIn.open();
    await expect(inFooter).toBeVisible();
    await signIn.signIn({ identifier: 'praticien', password: SAMPLE_PASSWORD });
    await expect(signIn.identifier).toBeHidden();
    await expect(inFooter).toBeVisible();
    await page.goto(server.url(portal.host, '/pages/legal-notice'));
    await expect(inFooter).toBeVisible();
  });
}

test('the demo’s mailbox shows the mails that would have left', async ({ page, server, accounts }) => {
  const { email, invitation } = await accounts.invited(NEUTRAL);
  await page.goto(server.url(NEUTRAL.host, '/demo/mailbox'));
  await expect(page.getByText(email).first()).toBeVisible();
  await expect(page.getByText(invitation.subject).first()).toBeVisible();
  // The mails' own pages stand in frames without scripts, where nothing can look into them.
  for (const frame of await page.locator('iframe').all()) {
    await expect(frame).toHaveAttribute('title', /./);
    await expect(frame).toHaveAttribute('sandbox', '');
  }
  await page.locator('iframe').evaluateAll((frames) => frames.forEach((frame) => frame.remove()));
  await expectGoodScreen(page);
});
