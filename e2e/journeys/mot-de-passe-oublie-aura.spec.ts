/** «Procédure de réinitialisation de mot de passe»: identifier, «Je ne suis pas un robot», a mail with a link. */

import { linkIn } from '../support/mails';
import { AURA } from '../support/portals';
import { expectGoodInEveryDress, expectGoodScreen } from '../support/quality';
import { AskScreen, NewPasswordScreen, SignInScreen, chooseLanguage } from '../support/screens';
import { expect, test } from '../support/test';

const SUBMIT = /^Récupérer mon mot de passe$/;

test('the identifier and a ticked box bring a link, whose password opens the portal', async ({ page, server, accounts }) => {
  const account = await accounts.settled(AURA);
  const [, renewed] = AURA.passwords;
  const signIn = new SignInScreen(page, server, AURA);
  const ask = new AskScreen(page);
  const reset = new NewPasswordScreen(page, server, AURA);

  await signIn.open();
  await page.getByRole('link', { name: /^Mot de passe oublié \?$/ }).click();
  await expect(ask.heading).toHaveText('Procédure de réinitialisation de mot de passe');
  await expect(page.getByRole('checkbox', { name: /^Je ne suis pas un robot/ })).toBeVisible();
  await expectGoodInEveryDress(page, (tag) => chooseLanguage(page, tag));

  await test.step('without the box nothing is sent, and nothing typed is lost', async () => {
    await ask.subject.fill(account.identifier);
    await page.locator('form').getByRole('button', { name: SUBMIT }).click();
    await expect(ask.subject).toHaveValue(account.identifier);
    await expect(ask.reference).toBeHidden();
    await expectGoodScreen(page);
  });

  await ask.ask(account.identifier, SUBMIT);
  const reference = await ask.untilTaken();
  await expect(ask.said).toContainText('Si un compte correspond à cet identifiant');
  const mail = await accounts.message(account.email, /choisir un nouveau mot de passe/);
  expect(mail.text).toContain(reference);

  await reset.open(linkIn(mail, '/password/new'));
  await reset.set(renewed);
  await expect(reset.done).toBeVisible();
  await reset.signIn.click();
  await signIn.untilMounted();
  await signIn.signIn({ ...account, password: renewed });
  await expect(page.getByText('Dernière connexion')).toBeVisible();
});

test.describe('with time', () => {
  test.use({ ownServer: true });

  test('the same is sent again once its time has come, under a new reference', async ({ page, server, accounts }) => {
    await page.clock.install();
    const account = await accounts.settled(AURA);
    const ask = new AskScreen(page);
    await page.goto(server.url(AURA.host, '/password/lost'));
    await ask.ask(account.identifier, SUBMIT);
    const first = await ask.untilTaken();
    const before = (await server.messagesTo(account.email)).length;

    await expect(ask.resend).toHaveAttribute('aria-disabled', 'true');
    await expect(page.locator('#resend-wait')).toHaveText(/^Nouvel envoi possible dans \d/);
    await expectGoodScreen(page);
    await server.advance(61);
    await page.clock.fastForward(61_000);
    await expect(ask.resend).not.toHaveAttribute('aria-disabled', 'true');
    await ask.resend.click();
    await expect(page.getByText('C’est renvoyé.')).toBeVisible();
    await expect(ask.reference).not.toHaveText(first);
    await expect.poll(async () => (await server.messagesTo(account.email)).length).toBeGreaterThan(before);
  });
});
