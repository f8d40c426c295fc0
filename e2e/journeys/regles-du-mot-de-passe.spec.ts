/** The rules of the password: the page's WebAssembly and the server say the same, always. */

import { NEUTRAL, NORMANDIE, PACA, PORTALS, type Portal } from '../support/portals';
import { seededPasswords } from '../support/passwords';
import { ChangePasswordScreen, SignInScreen } from '../support/screens';
import { expect, test } from '../support/test';

for (const portal of PORTALS) {
  test(`${portal.name}: the rules shown are those that the server finds, for sixty random passwords`, async ({ page, server, accounts }) => {
    const account = await accounts.invited(portal);
    const signIn = new SignInScreen(page, server, portal);
    await signIn.open();
    await signIn.signIn(account);
    const change = new ChangePasswordScreen(page, portal);
    await change.untilShown();

    for (const password of seededPasswords(60, 20260101)) {
      await change.renewed.fill(password);
      const server_says = await page.evaluate(async (new_password) => {
        const answer = await fetch('/api/account/password/check', {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ new_password }),
        });
        const verdict = (await answer.json()) as { unmet: { rule: string }[] };
        return verdict.unmet.map(({ rule }) => rule).sort();
      }, password);
      await expect.poll(() => change.unmet(), `for ${JSON.stringify(password)}`).toEqual(server_says);
    }
  });
}

test('a common password, the portal’s words and the person’s own are told live', async ({ page, server, accounts }) => {
  const account = await accounts.invited(NEUTRAL);
  const signIn = new SignInScreen(page, server, NEUTRAL);
  await signIn.open();
  await signIn.signIn(account);
  const change = new ChangePasswordScreen(page, NEUTRAL);
  await change.untilShown();
  const refusal = page.getByText(/Ce mot de passe (est trop courant|reprend)/);
  for (const [password, why] of [
    ['123456789012345', 'est trop courant'],
    ['Portique-Sante-2026', 'reprend les mots du portail'],
    ['CamilleBruyere2026', 'reprend votre nom, votre identifiant ou votre e-mail'],
  ] as const) {
    await change.renewed.fill('');
    await change.renewed.pressSequentially(password);
    await expect(page.getByText(`Ce mot de passe ${why}`)).toBeVisible();
  }
  await change.renewed.fill('');
  await change.renewed.pressSequentially(NEUTRAL.passwords[0]);
  await expect(refusal).toHaveCount(0);
});

test('a password that is too long is told what to do, not what it lacks', async ({ page, server, accounts }) => {
  const account = await accounts.invited(PACA);
  const signIn = new SignInScreen(page, server, PACA);
  await signIn.open();
  await signIn.signIn(account);
  const change = new ChangePasswordScreen(page, PACA);
  await change.untilShown();
  await change.change(account, `${PACA.passwords[0]}${'a'.repeat(1024)}`);
  await expect(change.renewed).toHaveAccessibleDescription(/Raccourcissez votre mot de passe\s: il est trop long\./);
  await expect(page.getByText('Il manque')).toHaveCount(0);
});

test('Normandie and PACA show their guide’s rules', async ({ page, server, accounts }) => {
  for (const [portal, rules] of [
    [PACA, [/8\scaractères/, /1\schiffre/, /1\smajuscule/, /1\sminuscule/, /1\scaractère spécial.*@ # & _ \*/]],
    [NORMANDIE, [/8\scaractères/, /1\slettre/, /1\schiffre/, /1\scaractère spécial.*\\ @ # % &/]],
  ] as [Portal, RegExp[]][]) {
    const account = await accounts.invited(portal);
    const signIn = new SignInScreen(page, server, portal);
    await signIn.open();
    await signIn.signIn(account);
    const change = new ChangePasswordScreen(page, portal);
    await change.untilShown();
    await expect(change.rules.filter({ visible: true })).toHaveText(rules);
  }
});
