/** Changing one's password while signed in: «Mon compte» (Normandie), the padlock (PACA). */

import { NORMANDIE, PACA, PORTALS } from '../support/portals';
import { expectGoodInEveryDress, expectGoodScreen } from '../support/quality';
import { ChangePasswordScreen, Header, SignInScreen, chooseLanguage } from '../support/screens';
import { expect, test } from '../support/test';

test('Normandie: from «Mon compte», «CHANGER MON MOT DE PASSE» at the foot of the page', async ({ page, server, accounts }) => {
  const account = await accounts.settled(NORMANDIE);
  const [, renewed] = NORMANDIE.passwords;
  const signIn = new SignInScreen(page, server, NORMANDIE);
  await signIn.open();
  await signIn.signIn(account);
  await expect(page.getByRole('heading', { name: 'MES SERVICES E-SANTÉ' })).toBeVisible();
  await expect(page.getByText(/Dernière connexion le \d\d\/\d\d\/\d{4}, à \d\d:\d\d/)).toBeVisible();

  await new Header(page).openAccount();
  await expect(page.getByText(account.email)).toBeVisible();
  await expectGoodScreen(page);

  const change = new ChangePasswordScreen(page, NORMANDIE);
  await expect(page.getByRole('heading', { name: NORMANDIE.changeEntry })).toBeVisible();
  for (const label of ['Votre identifiant', 'Ancien mot de passe', 'Nouveau mot de passe', 'Confirmation du nouveau mot de passe']) {
    await expect(page.getByLabel(new RegExp(`^${label} \\*`)).and(page.locator('input'))).toBeVisible();
  }
  await change.change(account, renewed);
  await expect(page.getByText('Votre changement de mot de passe est effectué.')).toBeVisible();
  const confirmation = await accounts.message(account.email, /mot de passe a été changé/);
  expect(confirmation.text).toContain('merci de contacter le support technique');
});

test('PACA: the padlock beside the name leads to «Modifier le mot de passe»', async ({ page, server, accounts }) => {
  const account = await accounts.settled(PACA);
  const [, renewed] = PACA.passwords;
  const signIn = new SignInScreen(page, server, PACA);
  await signIn.open();
  await signIn.signIn(account);

  const header = new Header(page);
  await expect(header.padlock).toBeVisible();
  await header.padlock.click();
  const change = new ChangePasswordScreen(page, PACA);
  await change.untilShown();
  await change.change(account, renewed);
  await expect(page.getByText('Votre changement de mot de passe est effectué.')).toBeVisible();
});

test('the other sessions of the person end, this one stays', async ({ page, browser, server, accounts }) => {
  const account = await accounts.settled(PACA);
  const elsewhere = await accounts.session(PACA, account);
  const signIn = new SignInScreen(page, server, PACA);
  await signIn.open();
  await signIn.signIn(account);
  await new Header(page).padlock.click();
  await new ChangePasswordScreen(page, PACA).change(account, PACA.passwords[1]);
  await expect(page.getByText('Votre changement de mot de passe est effectué.')).toBeVisible();

  const other = await server.ask(PACA.host, '/api/session', { headers: { cookie: elsewhere } });
  expect(JSON.parse(other.text)).toEqual({ status: 'anonymous' });
  const here = await page.evaluate(async () => ((await (await fetch('/api/session')).json()) as { status: string }).status);
  expect(here).toBe('signed_in');
  expect(browser.contexts().length).toBeGreaterThan(0);
});

test('each mistake is told beside its field, and only passwords are lost', async ({ page, server, accounts }) => {
  const account = await accounts.settled(NORMANDIE);
  const signIn = new SignInScreen(page, server, NORMANDIE);
  await signIn.open('/account/password');
  await signIn.signIn(account);
  const change = new ChangePasswordScreen(page, NORMANDIE);
  await change.untilShown();

  await test.step('a wrong current password', async () => {
    await change.change({ ...account, password: 'Autre-Chose#49' }, NORMANDIE.passwords[1]);
    await expect(change.current).toHaveAttribute('aria-invalid', 'true');
    await expect(change.identifier).toHaveValue(account.identifier);
    await expect(change.current).toHaveAccessibleDescription(/mot de passe/i);
    await expectGoodScreen(page);
  });
  await test.step('two new passwords that differ', async () => {
    await change.change(account, NORMANDIE.passwords[1], 'Verger_72@Autrement');
    await expect(change.confirmation).toHaveAttribute('aria-invalid', 'true');
    await expect(change.identifier).toHaveValue(account.identifier);
  });
  await test.step('the current password again', async () => {
    await change.change(account, account.password);
    await expect(change.renewed).toHaveAttribute('aria-invalid', 'true');
  });
  await test.step('the identifier of somebody else', async () => {
    await change.change({ ...account, identifier: 'praticien' }, NORMANDIE.passwords[1]);
    await expect(change.identifier).toHaveAttribute('aria-invalid', 'true');
  });
});

for (const portal of PORTALS) {
  test(`${portal.name}: the form is good in both languages and both colour schemes, and helps a password manager`, async ({
    page,
    server,
    accounts,
  }) => {
    const account = await accounts.settled(portal);
    const signIn = new SignInScreen(page, server, portal);
    await signIn.open('/account/password');
    await signIn.signIn(account);
    const change = new ChangePasswordScreen(page, portal);
    await change.untilShown();

    await expect(page.locator('form input[autocomplete="username"]')).toHaveCount(1);
    await expect(change.current).toHaveAttribute('autocomplete', 'current-password');
    await expect(change.renewed).toHaveAttribute('autocomplete', 'new-password');
    await expect(change.confirmation).toHaveAttribute('autocomplete', 'new-password');
    await expect(change.renewed).toHaveAttribute('passwordrules', /minlength: \d+;/);

    await expectGoodInEveryDress(page, (tag) => chooseLanguage(page, tag));
  });
}
