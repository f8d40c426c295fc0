/** «Se connecter»: each portal's shape and words, and what a mistake costs. */

import { AURA, NEUTRAL, NORMANDIE, PACA, PORTALS, SAMPLE_PASSWORD } from '../support/portals';
import { expectGoodInEveryDress, expectGoodScreen } from '../support/quality';
import { CodeScreen, Header, SignInScreen, chooseLanguage } from '../support/screens';
import { expect, test } from '../support/test';

for (const portal of PORTALS) {
  test(`${portal.name}: the sign-in page has the guide's words and is good in every dress`, async ({ page, server }) => {
    const signIn = new SignInScreen(page, server, portal);
    await signIn.open();
    await expect(page.getByRole('heading', { name: portal.heading }).first()).toBeVisible();
    await expect(signIn.submit).toBeVisible();
    await expect(page.getByText(portal.support.email).first()).toBeVisible();
    await expect(signIn.identifier).toHaveAttribute('autocomplete', 'username');
    await expect(signIn.password).toHaveAttribute('autocomplete', 'current-password');
    await expectGoodInEveryDress(page, (tag) => chooseLanguage(page, tag));
  });
}

test('Normandie: the way is named «Identifiant / Mot de passe»', async ({ page, server }) => {
  await new SignInScreen(page, server, NORMANDIE).open();
  await expect(page.getByText('Identifiant / Mot de passe')).toBeVisible();
});

test('Auvergne-Rhône-Alpes: the way is named «Login / Mdp»', async ({ page, server }) => {
  await new SignInScreen(page, server, AURA).open();
  await expect(page.getByText('Login / Mdp')).toBeVisible();
});

test('once in, the person is shown and every screen around is good', async ({ page, server }) => {
  const signIn = new SignInScreen(page, server, NORMANDIE);
  await signIn.open();
  await signIn.signIn({ identifier: 'praticien', password: SAMPLE_PASSWORD });
  await expect(page.getByRole('heading', { name: 'MES SERVICES E-SANTÉ' })).toBeVisible();
  await expectGoodInEveryDress(page, (tag) => chooseLanguage(page, tag));
  await new Header(page).openAccount();
  await expect(page.getByRole('heading', { name: NORMANDIE.changeEntry })).toBeVisible();
  await expectGoodInEveryDress(page, (tag) => chooseLanguage(page, tag));
});

test('an identifier is the same in capitals', async ({ page, server }) => {
  const signIn = new SignInScreen(page, server, NEUTRAL);
  await signIn.open();
  await signIn.signIn({ identifier: 'PRATICIEN', password: SAMPLE_PASSWORD });
  await expect(new Header(page).menu).toBeVisible();
  await expect(signIn.identifier).toBeHidden();
});

test('a page asked for before signing in opens after it', async ({ page, server }) => {
  const signIn = new SignInScreen(page, server, NORMANDIE);
  await signIn.open('/account');
  await signIn.signIn({ identifier: 'praticien', password: SAMPLE_PASSWORD });
  await expect(page.getByRole('heading', { name: NORMANDIE.changeEntry })).toBeVisible();
  await expect(page).toHaveURL(/\/account$/);
});

test.describe('mistakes', () => {
  test.use({ ownServer: true });

  test('a wrong password keeps the identifier, and says the same to an unknown identifier', async ({ page, server }) => {
    const signIn = new SignInScreen(page, server, PACA);
    const trouble = page.locator('.alert');
    const told: string[] = [];
    for (const identifier of ['praticien', 'personne.inconnue']) {
      await signIn.open();
      await signIn.signIn({ identifier, password: 'Autre-Chose#49' });
      await expect(trouble).toBeVisible();
      told.push(await trouble.innerText());
      await expect(signIn.identifier).toHaveValue(identifier);
      await expect(signIn.password).toHaveValue('');
      await expectGoodScreen(page);
    }
    expect(told[0]).toBe(told[1]);
    expect(told[0]).toMatch(/vérifiez|réessayez|contactez/i);
  });

  test('after five wrong passwords the person waits, is told how long, and then gets in', async ({ page, server }) => {
    const signIn = new SignInScreen(page, server, PACA);
    const trouble = page.locator('.alert');
    await signIn.open();
    for (let count = 1; count <= 5; count += 1) {
      const answer = page.waitForResponse((response) => response.url().endsWith('/api/session') && response.request().method() === 'POST');
      await signIn.signIn({ identifier: 'mobile', password: `Autre-Chose#${count}` });
      expect((await answer).status()).toBe(401);
      await expect(signIn.password).toHaveValue('');
    }
    await signIn.signIn({ identifier: 'mobile', password: SAMPLE_PASSWORD });
    await expect(trouble).toContainText(/Réessayez dans (1\smin\s)?\d+\ss\./);
    await expect(signIn.identifier).toHaveValue('mobile');
    await expectGoodScreen(page);

    await server.advance(2 * 60);
    await signIn.open();
    await signIn.signIn({ identifier: 'mobile', password: SAMPLE_PASSWORD });
    await expect(new CodeScreen(page, server).heading).toHaveText('Recevoir un code de connexion');
  });
});

test('empty fields are told beside them, without asking the server', async ({ page, server }) => {
  const signIn = new SignInScreen(page, server, PACA);
  let asked = 0;
  page.on('request', (request) => {
    asked += request.method() === 'POST' ? 1 : 0;
  });
  await signIn.open();
  await signIn.submit.click();
  await expect(signIn.identifier).toHaveAttribute('aria-invalid', 'true');
  await expect(signIn.identifier).toBeFocused();
  expect(asked).toBe(0);
  await expectGoodScreen(page);
});

test('a password longer than the server takes is marked in its field', async ({ page, server }) => {
  const signIn = new SignInScreen(page, server, PACA);
  await signIn.open();
  await signIn.signIn({ identifier: 'praticien', password: 'é'.repeat(1025) });
  await expect(signIn.password).toHaveAttribute('aria-invalid', 'true');
  await expect(signIn.password).toBeFocused();
  await expect(signIn.password).toHaveAccessibleDescription(/trop longue/);
  await expect(signIn.identifier).not.toHaveAttribute('aria-invalid');
  await expect(page.locator('.alert')).toBeHidden();
  await expectGoodScreen(page);
});

test('the password can be revealed and hidden again', async ({ page, server }) => {
  const signIn = new SignInScreen(page, server, PACA);
  await signIn.open();
  await signIn.password.fill('Lanterne-49#Quai');
  await expect(signIn.password).toHaveAttribute('type', 'password');
  await page.getByRole('button', { name: /afficher/i }).click();
  await expect(signIn.password).toHaveAttribute('type', 'text');
  await expect(signIn.password).toHaveValue('Lanterne-49#Quai');
  await page.getByRole('button', { name: /masquer|afficher/i }).click();
  await expect(signIn.password).toHaveAttribute('type', 'password');
});

test('caps lock is told while a password is typed', async ({ page, server }) => {
  const signIn = new SignInScreen(page, server, PACA);
  await signIn.open();
  await signIn.password.focus();
  // The browser's own keyboard cannot hold caps lock; the event is what the page listens to.
  const press = (on: boolean) =>
    signIn.password.evaluate((input, modifierCapsLock) => {
      for (const type of ['keydown', 'keyup']) {
        input.dispatchEvent(new KeyboardEvent(type, { key: 'A', bubbles: true, modifierCapsLock }));
      }
    }, on);
  const warning = page.getByText(/verrouillage des majuscules|verr\. maj|majuscules (est|sont) (activé|verrouillé)/i);
  await expect(warning).toBeHidden();
  await press(true);
  await expect(warning).toBeVisible();
  await expectGoodScreen(page);
  await press(false);
  await expect(warning).toBeHidden();
});

test('the keyboard alone is enough', async ({ page, server }) => {
  const signIn = new SignInScreen(page, server, PACA);
  await signIn.open();
  // From the top of the page, as one who has no mouse: the skip link or the header come first.
  for (let steps = 0; steps < 15 && !(await signIn.identifier.evaluate((input) => input === document.activeElement)); steps += 1) {
    await page.keyboard.press('Tab');
  }
  await expect(signIn.identifier).toBeFocused();
  await page.keyboard.type('praticien');
  await page.keyboard.press('Tab');
  await expect(signIn.password).toBeFocused();
  await page.keyboard.type(SAMPLE_PASSWORD);
  await page.keyboard.press('Enter');
  await expect(new Header(page).padlock).toBeVisible();
});

test('changing the language keeps what was typed', async ({ page, server }) => {
  const signIn = new SignInScreen(page, server, NORMANDIE);
  await signIn.open();
  await signIn.identifier.fill('c.bruyere');
  await signIn.password.fill('Lanterne-49#Quai');
  await chooseLanguage(page, 'en');
  await expect(signIn.identifier).toHaveValue('c.bruyere');
  await expect(signIn.password).toHaveValue('Lanterne-49#Quai');
  await chooseLanguage(page, 'fr');
  await expect(signIn.identifier).toHaveValue('c.bruyere');
});

test('the language chosen is still there at the next visit', async ({ page, server }) => {
  const signIn = new SignInScreen(page, server, NORMANDIE);
  await signIn.open();
  await chooseLanguage(page, 'en');
  await page.reload();
  await expect(page.locator('html')).toHaveAttribute('lang', 'en');
});
