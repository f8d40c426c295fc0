/** «Mon compte» → «Sécurité»: an authenticator application, recovery codes, a second factor by choice. */

import { PACA, SAMPLE_PASSWORD } from '../support/portals';
import { expectGoodInEveryDress, expectGoodScreen } from '../support/quality';
import { CodeScreen, Header, PROOF_TITLE, SignInScreen, chooseLanguage } from '../support/screens';
import type { Server } from '../support/server';
import { expect, test } from '../support/test';
import { codeOf } from '../support/totp';
import { givePassword, unlock, unlockHeading } from '../support/unlock';

import type { Page } from '@playwright/test';

const PERSON = { identifier: 'praticien', password: SAMPLE_PASSWORD };

test.use({ ownServer: true });

/** «Sécurité», the person signed in, nothing proved yet. */
async function locked(page: Page, server: Server): Promise<void> {
  const signIn = new SignInScreen(page, server, PACA);
  await signIn.open('/account/security');
  await signIn.signIn(PERSON);
  await expect(unlockHeading(page)).toBeVisible();
}

/** The same, ready for changes. */
async function unlocked(page: Page, server: Server): Promise<void> {
  await locked(page, server);
  await unlock(page, server);
}

/** The clock of the server: it alone judges. */
async function serverTime(server: Server): Promise<number> {
  const answer = await server.ask('localhost', '/demo/clock', { method: 'POST', json: { advance_seconds: 0 } });
  const { now } = JSON.parse(answer.text) as { now: string };
  return Date.parse(now);
}

/** Enrols an application; gives its secret. */
async function enrol(page: Page, server: Server): Promise<string> {
  await page.getByRole('button', { name: 'Ajouter une application' }).click();
  await expect(page.getByRole('img', { name: 'QR code' })).toBeVisible();
  const secret = (await page.locator('.key').textContent()) ?? '';
  await page.getByLabel('Code affiché par l’application').fill(codeOf(secret, await serverTime(server)));
  await page.getByLabel('Nom de l’application').fill('Téléphone du service');
  await page.getByRole('button', { name: 'Valider' }).click();
  await expect(page.getByText('L’application est ajoutée.')).toBeVisible();
  await server.advance(30);
  return secret;
}

async function signOut(page: Page, server: Server): Promise<SignInScreen> {
  await new Header(page).leave();
  const signIn = new SignInScreen(page, server, PACA);
  await signIn.untilMounted();
  return signIn;
}

test('asks who is signed in to prove it before anything is changed', async ({ page, server }) => {
  await locked(page, server);
  await expect(page.getByRole('button', { name: 'Ajouter une application' })).toHaveCount(0);
  await expectGoodInEveryDress(page, (tag) => chooseLanguage(page, tag));

  await test.step('a wrong password is told beside its field', async () => {
    await page.getByRole('button', { name: 'Continuer' }).click();
    await expect(page.locator('#password-fault')).not.toBeEmpty();
    await page.locator('#password').fill('autre chose');
    await page.getByRole('button', { name: 'Continuer' }).click();
    await expect(page.locator('#password-fault')).toContainText('mot de passe');
    await expect(page.locator('#password')).toHaveValue('');
    await expectGoodScreen(page);
  });

  await test.step('given up, it leads back here', async () => {
    await givePassword(page);
    const screen = new CodeScreen(page, server, PROOF_TITLE);
    await screen.untilShown();
    await expectGoodInEveryDress(page, (tag) => chooseLanguage(page, tag));
    await screen.cancel.click();
    await expect(page).toHaveURL(/\/account\/security$/);
    await expect(unlockHeading(page)).toBeVisible();
  });

  await unlock(page, server);
  await expect(page.locator('.unlocked')).toBeVisible();
  await expectGoodInEveryDress(page, (tag) => chooseLanguage(page, tag));
  await page.waitForLoadState('networkidle');
});

test('an application is enrolled, asked for at the next sign-in, and removed', async ({ page, server }) => {
  await unlocked(page, server);

  await test.step('a wrong first code loses nothing', async () => {
    await page.getByRole('button', { name: 'Ajouter une application' }).click();
    // In French from the start: the name that is proposed is of the moment.
    await expect(page.getByRole('img', { name: 'QR code' })).toBeVisible();
    await expectGoodInEveryDress(page, (tag) => chooseLanguage(page, tag));
    await page.getByLabel('Code affiché par l’application').fill('12 34');
    await page.getByRole('button', { name: 'Valider' }).click();
    await expect(page.locator('#code-fault')).toHaveText('Le code a 6 chiffres, comme 012 345.');
    await page.getByLabel('Code affiché par l’application').fill('000000');
    await page.getByRole('button', { name: 'Valider' }).click();
    await expect(page.locator('#code-fault')).toContainText('Ce n’est pas le code affiché en ce moment');
    await expect(page.getByLabel('Nom de l’application')).toHaveValue('Mon téléphone');
    await expectGoodScreen(page);
    await page.getByRole('button', { name: 'Annuler' }).click();
  });

  const secret = await enrol(page, server);
  await expect(page.getByText('Téléphone du service')).toBeVisible();
  await expect(page.getByText('Un second facteur vous est demandé à chaque connexion.')).toBeVisible();
  await expectGoodScreen(page);
  const { text } = await server.ask('localhost', '/demo/messages');
  expect(text, 'told by mail').toContain('la protection de votre compte');

  const signIn = await signOut(page, server);
  await signIn.signIn(PERSON);
  const code = page.getByLabel('Code de l’application');
  await expect(code).toBeFocused();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Code de l’application');
  await expect(code).toHaveAccessibleDescription(/^Ouvrez votre application d’authentification/);
  await expectGoodInEveryDress(page, (tag) => chooseLanguage(page, tag));
  await code.fill('000000');
  await page.getByRole('button', { name: 'Valider' }).click();
  await expect(page.locator('#code-fault')).toContainText('Ce n’est pas le code affiché en ce moment');

  await test.step('another way is a click away, and there is a way back', async () => {
    await page.getByRole('button', { name: 'Utiliser un autre moyen' }).click();
    await expect(page.getByRole('radio')).toHaveCount(2);
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Vérification de votre identité');
    await expect(page.getByRole('heading', { level: 1 })).toBeFocused();
    await expectGoodInEveryDress(page, (tag) => chooseLanguage(page, tag));
    await page.getByRole('button', { name: 'Valider' }).click();
    await expect(code).toBeFocused();
  });

  await code.fill(codeOf(secret, await serverTime(server)));
  await page.getByRole('button', { name: 'Valider' }).click();
  await expect(new Header(page).menu).toBeVisible();

  await page.goto(server.url(PACA.host, '/account/security'));
  await expect(page.getByText('Téléphone du service')).toBeVisible();
  await expect(page.getByText(/utilisée le \d\d\/\d\d\/\d{4}/)).toBeVisible();
  await server.advance(30);
  await givePassword(page);
  await code.fill(codeOf(secret, await serverTime(server)));
  await page.getByRole('button', { name: 'Valider' }).click();
  await page.getByRole('button', { name: /^Retirer «\sTéléphone du service\s», ajoutée le \d\d\/\d\d\/\d{4}$/ }).click();
  await expect(page.getByText('C’est retiré.')).toBeVisible();
  await expect(page.getByText('Aucune application pour l’instant.')).toBeVisible();
  await page.waitForLoadState('networkidle');
});

test('the proof’s time over, the page says so and leads back, and nothing is typed in vain', async ({ page, server }) => {
  await page.clock.install();
  await locked(page, server);
  await givePassword(page);
  await new CodeScreen(page, server, PROOF_TITLE).untilShown();
  await server.advance(14 * 60);
  await page.clock.fastForward(14 * 60_000);
  await expect(page.locator('.time-left')).toHaveText(/^Temps restant pour confirmer votre identité\s: \d+\ss\.$/);
  await expectGoodScreen(page);
  await server.advance(61);
  await page.clock.fastForward(61_000);
  const heading = page.getByRole('heading', { level: 1 });
  await expect(heading).toHaveText('Identité à confirmer de nouveau');
  await expect(heading).toBeFocused();
  await expectGoodInEveryDress(page, (tag) => chooseLanguage(page, tag));
  await page.getByRole('link', { name: 'Revenir à la page précédente' }).click();
  await expect(page).toHaveURL(/\/account\/security$/);
  await expect(unlockHeading(page)).toBeVisible();
});

test('recovery codes are shown once, and each opens once', async ({ page, server }) => {
  await unlocked(page, server);
  await page.getByRole('button', { name: 'Le demander à chaque connexion' }).click();
  await expect(page.getByText('Un second facteur vous est demandé à chaque connexion.')).toBeVisible();
  await page.getByRole('button', { name: 'Créer dix codes' }).click();
  const codes = page.locator('.codes code');
  await expect(codes).toHaveCount(10);
  await expectGoodInEveryDress(page, (tag) => chooseLanguage(page, tag));
  const first = (await codes.first().textContent()) ?? '';
  await page.getByRole('button', { name: 'Je les ai gardés' }).click();
  await expect(codes).toHaveCount(0);
  await page.reload();
  await expect(page.getByText(/^10\scodes sur 10 restent utilisables\. Codes créés le \d\d\/\d\d\/\d{4}\.$/)).toBeVisible();
  await expect(codes).toHaveCount(0);

  for (const outcome of ['in', 'refused'] as const) {
    const signIn = await signOut(page, server);
    await signIn.signIn(PERSON);
    await new CodeScreen(page, server).untilShown();
    await page.getByRole('button', { name: 'Utiliser un autre moyen' }).click();
    await page.getByRole('radio', { name: 'Code de récupération' }).check();
    await page.getByRole('button', { name: 'Valider' }).click();
    const code = page.getByLabel('Code de récupération');
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Code de récupération');
    if (outcome === 'in') {
      await expectGoodInEveryDress(page, (tag) => chooseLanguage(page, tag));
      await code.fill('4K7QF');
      await page.getByRole('button', { name: 'Valider' }).click();
      await expect(page.locator('#code-fault')).toContainText('elle n’a compté pour aucun essai');
    }
    await code.fill(first.toLowerCase().replaceAll('-', ' '));
    await page.getByRole('button', { name: 'Valider' }).click();
    if (outcome === 'in') {
      await expect(new Header(page).menu).toBeVisible();
    } else {
      await expect(page.locator('#code-fault')).toContainText('il a déjà servi');
    }
  }
  await page.waitForLoadState('networkidle');
});
