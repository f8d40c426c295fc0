/** «Mot de passe oublié», by e-mail: the mail holds the identifier and a link that lives for 24 hours. */

import { linkIn } from '../support/mails';
import { NEUTRAL, PACA, digits } from '../support/portals';
import { expectGoodInEveryDress, expectGoodScreen } from '../support/quality';
import { AskScreen, NewPasswordScreen, SignInScreen, chooseLanguage } from '../support/screens';
import { expect, test } from '../support/test';

const SUBMIT = /^Réinitialiser le mot de passe$/;

test('the mail brings the identifier and a link, whose password opens the portal', async ({ page, server, accounts }, info) => {
  const account = await accounts.settled(PACA);
  const [, renewed] = PACA.passwords;
  const signIn = new SignInScreen(page, server, PACA);
  const ask = new AskScreen(page);
  const reset = new NewPasswordScreen(page, server, PACA);

  const reference = await test.step('the page says what was asked, and what to do if nothing comes', async () => {
    await signIn.open();
    await page.getByRole('link', { name: /^Mot de passe oublié$/ }).click();
    await expect(ask.heading).toHaveText('Mot de passe oublié');
    await expectGoodInEveryDress(page, (tag) => chooseLanguage(page, tag));
    await ask.ask(account.email, SUBMIT);
    const taken = await ask.untilTaken();
    await expect(ask.said).toContainText('Si un compte correspond à cette adresse');
    await expect(page.locator('main .nothing')).toContainText(/indésirables/);
    expect(digits((await page.locator('main .nothing a[href^="tel:"]').textContent()) ?? '')).toBe(digits(PACA.support.phone));
    await expectGoodInEveryDress(page, (tag) => chooseLanguage(page, tag));
    return taken;
  });

  const mail = await accounts.message(account.email, /choisir un nouveau mot de passe/);
  const link = linkIn(mail, '/password/new');
  expect(mail.text).toContain(account.identifier);
  expect(mail.text).toContain(reference);

  await test.step('the link opens the rules of the portal, live', async () => {
    await reset.open(link);
    await expect(reset.renewed).toBeVisible();
    await expect(reset.identifier).toBeHidden();
    await expect(page.locator('input[autocomplete="username"]')).toHaveValue(account.identifier);
    await expect(page.getByText(account.identifier, { exact: true })).toBeVisible();
    // A phone loads a page anew that was left for the mail.
    await page.reload();
    await expect(reset.renewed).toBeVisible();
    await expectGoodScreen(page);
    await reset.set('trop court', 'trop court');
    await expect(reset.renewed).toHaveAttribute('aria-invalid', 'true');
    await expect(reset.renewed).toBeFocused();
    await reset.set(renewed);
    await expect(reset.done).toBeVisible();
    await expect(reset.heading).toBeFocused();
    await expectGoodScreen(page);
  });

  await test.step('nobody is signed in by it; the new password signs in, the old one does not', async () => {
    await reset.signIn.click();
    await signIn.untilMounted();
    await expect(signIn.identifier).toHaveValue(account.identifier);
    expect(page.url()).not.toContain(account.identifier);
    if (info.project.name === 'desktop') {
      await expect(signIn.password).toBeFocused();
    }
    await page.reload();
    await signIn.untilMounted();
    await signIn.signIn(account);
    await expect(page.getByRole('alert')).toBeVisible();
    await signIn.signIn({ ...account, password: renewed });
    await expect(page.getByText('Dernière connexion')).toBeVisible();
  });

  await test.step('the link works once', async () => {
    await reset.open(link);
    await expect(reset.heading).toHaveText('Ce lien a déjà servi');
    await expect(reset.signIn).toBeVisible();
    await expect(reset.another).toBeVisible();
    await expectGoodScreen(page);
  });
});

test('an address that nobody has is answered in the same words', async ({ page, server, accounts }) => {
  const account = await accounts.settled(PACA);
  const ask = new AskScreen(page);
  const said: string[] = [];
  for (const address of [account.email, `personne.${account.email}`]) {
    await ask.open(server.url(PACA.host, '/password/lost'));
    await ask.ask(address, SUBMIT);
    await ask.untilTaken();
    said.push(await ask.said.innerText());
  }
  expect(said[1]).toBe(said[0]);
});

test('what is no address is told at once, and nothing typed is lost', async ({ page, server }) => {
  const ask = new AskScreen(page);
  await page.goto(server.url(PACA.host, '/password/lost'));
  await ask.ask('camille.bruyere', SUBMIT);
  await expect(page.locator('.fault', { hasText: 'nom@exemple.fr' })).toBeVisible();
  await expect(ask.subject).toBeFocused();
  await expect(ask.subject).toHaveValue('camille.bruyere');
  await expectGoodScreen(page);
});

test('«Annuler» leads back to signing in, and to where one meant to go', async ({ page, server, accounts }) => {
  const account = await accounts.settled(PACA);
  const signIn = new SignInScreen(page, server, PACA);
  await page.goto(server.url(PACA.host, '/account'));
  await signIn.untilMounted();
  await page.getByRole('link', { name: /^Mot de passe oublié$/ }).click();
  const ask = new AskScreen(page);
  await expect(ask.heading).toHaveText('Mot de passe oublié');
  await ask.cancel.click();
  await signIn.untilMounted();
  await signIn.signIn(account);
  await expect(page.getByRole('heading', { level: 1, name: 'Mon compte' })).toBeVisible();
});

test('a link that is cut short says so, with a way on', async ({ page, server }) => {
  const reset = new NewPasswordScreen(page, server, NEUTRAL);
  for (const link of ['/password/new', '/password/new#coupé']) {
    await page.goto('about:blank');
    await reset.open(link);
    await expect(reset.heading).toHaveText('Ce lien ne mène à rien');
    await expectGoodScreen(page);
    await reset.another.click();
    await expect(reset.heading).toHaveText('Mot de passe oublié');
  }
});

test.describe('with time', () => {
  test.use({ ownServer: true });

  test('a link past its 24 hours says so and offers a new one, which replaces the ones before', async ({
    page,
    server,
    accounts,
  }) => {
    const account = await accounts.settled(PACA);
    const ask = new AskScreen(page);
    const reset = new NewPasswordScreen(page, server, PACA);
    const links = async () =>
      (await server.messagesTo(account.email)).filter((mail) => mail.text.includes('/password/new#')).map((mail) => linkIn(mail, '/password/new'));

    await page.goto(server.url(PACA.host, '/password/lost'));
    await ask.ask(account.email, SUBMIT);
    await ask.untilTaken();
    await expect.poll(async () => (await links()).length).toBe(1);
    const [first = ''] = await links();

    await server.advance(24 * 3600 + 1);
    await reset.open(first);
    await expect(reset.heading).toHaveText('Ce lien a expiré');
    await expectGoodScreen(page);
    await reset.another.click();
    for (const count of [2, 3]) {
      await ask.open(server.url(PACA.host, '/password/lost'));
      await ask.ask(account.email, SUBMIT);
      await ask.untilTaken();
      await expect.poll(async () => (await links()).length).toBe(count);
      await server.advance(3600);
    }
    const [, second = '', third = ''] = await links();
    await reset.open(second);
    await expect(reset.heading).toHaveText('Ce lien ne fonctionne plus');
    await page.goto('about:blank');
    await reset.open(third);
    await expect(reset.renewed).toBeVisible();
  });
});
