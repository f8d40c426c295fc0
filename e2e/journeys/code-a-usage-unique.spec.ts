/** «Authentification à deux facteurs», «Authentification forte», «Code Éphémère»: a one-time code after the password. */

import { AURA, NORMANDIE, PACA, type Portal, SAMPLE_PASSWORD } from '../support/portals';
import { expectGoodInEveryDress, expectGoodScreen } from '../support/quality';
import { CodeScreen, Header, SignInScreen, chooseLanguage } from '../support/screens';
import type { Server } from '../support/server';
import { expect, test } from '../support/test';

import type { Page } from '@playwright/test';

/** The privileged sample account, up to the code. */
async function withCode(page: Page, server: Server, portal: Portal = PACA, path = '/'): Promise<CodeScreen> {
  const signIn = new SignInScreen(page, server, portal);
  await signIn.open(path);
  await signIn.signIn({ identifier: 'administrateur', password: SAMPLE_PASSWORD });
  const screen = new CodeScreen(page, server);
  await screen.untilShown();
  return screen;
}

/** Signed in, and the page whole: the server may go. */
async function untilIn(page: Page): Promise<void> {
  await expect(new Header(page).menu).toBeVisible();
  await page.waitForLoadState('networkidle');
}

test.describe('a privileged person', () => {
  test.use({ ownServer: true });

  test('is told where the code went, types it and is in', async ({ page, server }) => {
    const screen = await withCode(page, server);
    await expect(page.getByText('sur le seul mode de transport disponible pour votre compte')).toBeVisible();
    await expect(screen.address).toHaveText(/^Email\s: axxxxxx@\w+xxx\.\w+( \(e.mail de secours\))?$/);
    await expect(screen.code).toBeFocused();
    await expect(screen.code).toHaveAttribute('autocomplete', 'one-time-code');
    await expect(screen.code).toHaveAttribute('inputmode', 'numeric');
    await expect(page.locator('#code-good')).toHaveText(/^Ce code est encore valable \d\smin/);
    await expectGoodInEveryDress(page, (tag) => chooseLanguage(page, tag));
    const code = await screen.sent();

    await test.step('mistakes are told beside the field, and cost nothing that was typed', async () => {
      await screen.submit.click();
      await expect(screen.fault).toHaveText('Saisissez le code que vous avez reçu.');
      await screen.enter('12 34');
      await expect(screen.fault).toContainText('elle n’a compté pour aucun essai');
      await expect(screen.code).toHaveValue('12 34');
      await screen.enter(code === '000000' ? '000001' : '000000');
      await expect(screen.fault).toContainText('Ce n’est pas le code envoyé');
      await expect(screen.code).toBeFocused();
      await expectGoodScreen(page);
    });

    await screen.enter(`${code.slice(0, 3)} ${code.slice(3)}`);
    await untilIn(page);
  });

  test('finds the page as it was after a look at the message, and comes to the page that was asked for', async ({ page, server }) => {
    const screen = await withCode(page, server, NORMANDIE, '/account');
    const reference = await screen.untilShown();
    await page.goto('about:blank');
    await page.goBack();
    expect(await screen.untilShown()).toBe(reference);
    await page.reload();
    expect(await screen.untilShown()).toBe(reference);
    await screen.enter(await screen.sent());
    await expect(page.getByRole('heading', { name: NORMANDIE.changeEntry })).toBeVisible();
    await expect(page).toHaveURL(/\/account$/);
    await untilIn(page);
  });

  test('gets another code after thirty seconds, and the first works no more', async ({ page, server }) => {
    await page.clock.install();
    const screen = await withCode(page, server);
    const first = await screen.sent();
    const reference = await screen.untilShown();
    await expect(screen.resend).toHaveAttribute('aria-disabled', 'true');
    await expect(page.getByText(/^Nouvel envoi possible dans \d+\ss\.$/).first()).toBeVisible();
    await server.advance(31);
    await page.clock.fastForward(31_000);
    await expect(screen.resend).not.toHaveAttribute('aria-disabled', 'true');
    await screen.resend.click();
    await expect(page.getByText('Un nouveau code est envoyé')).toBeVisible();
    await expect(screen.reference).not.toHaveText(reference);
    await expectGoodScreen(page);
    const second = await screen.sent();
    if (first !== second) {
      await screen.enter(first);
      await expect(screen.fault).toContainText('Ce n’est pas le code envoyé');
    }
    await screen.enter(second);
    await untilIn(page);
  });

  test('is told when the code’s five minutes are over, and when the sign-in’s fifteen are', async ({ page, server }) => {
    await page.clock.install();
    const screen = await withCode(page, server);
    const code = await screen.sent();
    await server.advance(5 * 60);
    await page.clock.fastForward(5 * 60_000);
    await expect(page.locator('#code-good')).toHaveText('Ce code n’est plus valable. Demandez-en un autre.');
    await screen.enter(code);
    await expect(screen.fault).toContainText('Ce code n’est plus valable');
    await expectGoodScreen(page);
    await server.advance(10 * 60);
    await screen.enter(code);
    await expect(screen.heading).toHaveText('Connexion à recommencer');
    await expect(screen.heading).toBeFocused();
    await expectGoodInEveryDress(page, (tag) => chooseLanguage(page, tag));
    await page.getByRole('link', { name: 'Recommencer la connexion' }).click();
    await new SignInScreen(page, server, PACA).untilMounted();
  });

  test('need not type a code to learn that the sign-in’s fifteen minutes are over', async ({ page, server }) => {
    await page.clock.install();
    const screen = await withCode(page, server, PACA, '/account');
    await expect(page.locator('.time-left')).toHaveCount(0);
    await server.advance(13 * 60 + 30);
    await page.clock.fastForward(13 * 60_000 + 30_000);
    await expect(page.locator('.time-left')).toHaveText(/^Temps restant pour terminer cette connexion\s: 1\smin\s\d\d\ss\.$/);
    await expect(page.getByRole('status').filter({ hasText: /^Temps restant/ })).toHaveCount(1);
    await expectGoodInEveryDress(page, (tag) => chooseLanguage(page, tag));
    await server.advance(91);
    await page.clock.fastForward(91_000);
    await expect(screen.heading).toHaveText('Connexion à recommencer');
    await expect(screen.heading).toBeFocused();
    await expect(screen.code).toHaveCount(0);
    await expect(page.getByRole('status').filter({ hasText: 'Connexion à recommencer' })).toHaveCount(1);
    await expect(page).toHaveTitle(/^Connexion à recommencer – /);
    await page.getByRole('link', { name: 'Recommencer la connexion' }).click();
    await expect(page).toHaveURL(/\/sign-in\?return=\/account$/);
  });

  test('who gives up is back at the sign-in page, with nothing half done', async ({ page, server }) => {
    const screen = await withCode(page, server, PACA, '/account');
    await screen.cancel.click();
    await new SignInScreen(page, server, PACA).untilMounted();
    await expect(page).toHaveURL(/\/sign-in\?return=\/account$/);
    await page.goto(server.url(PACA.host, '/sign-in/code'));
    await expect(screen.heading).toHaveText('Connexion à recommencer');
  });
});

for (const [portal, way] of [
  [NORMANDIE, 'Authentification forte'],
  [AURA, 'Code Éphémère'],
] as const) {
  test(`${portal.name}: «${way}» asks anybody for a code`, async ({ page, server, accounts }) => {
    const person = await accounts.settled(portal);
    const signIn = new SignInScreen(page, server, portal);
    await signIn.open();
    await page.getByRole(portal === AURA ? 'tab' : 'button', { name: way }).click();
    await expect(page.getByText(/code/).first()).toBeVisible();
    await expectGoodInEveryDress(page, (tag) => chooseLanguage(page, tag));
    await signIn.signIn(person);
    const screen = new CodeScreen(page, server);
    await screen.enter(await screen.sent());
    await untilIn(page);
  });
}
