/** «Clés d’accès»: added in «Sécurité», they sign in alone, take the second step, and are taken away again. */

import type { Page } from '@playwright/test';

import type { Account } from '../support/accounts';
import { Device } from '../support/passkeys';
import { PACA } from '../support/portals';
import { expectGoodInEveryDress, expectGoodScreen } from '../support/quality';
import { Header, SignInScreen, chooseLanguage } from '../support/screens';
import type { Server } from '../support/server';
import { expect, test } from '../support/test';
import { givePassword, unlock } from '../support/unlock';

/** Signs in, and proves who one is on the page «Sécurité». */
async function atSecurity(page: Page, server: Server, person: Account): Promise<void> {
  const signIn = new SignInScreen(page, server, PACA);
  await signIn.open();
  await signIn.signIn(person);
  await expect(new Header(page).menu).toBeVisible();
  await page.goto(server.url(PACA.host, '/account/security'));
  await unlock(page, server, person.password);
  await expect(add(page)).toBeVisible();
}

function add(page: Page) {
  return page.getByRole('button', { name: 'Ajouter une clé d’accès' });
}

function use(page: Page) {
  return page.getByRole('button', { name: 'Utiliser ma clé d’accès' });
}

async function enrol(page: Page, name: string): Promise<void> {
  await add(page).click();
  await page.getByLabel('Nom de la clé').fill(name);
  await page.getByRole('button', { name: 'Créer la clé d’accès' }).click();
  await expect(page.getByText('La clé d’accès est ajoutée.')).toBeVisible();
  await expect(page.getByRole('listitem').filter({ hasText: name })).toBeVisible();
}

async function leave(page: Page, server: Server): Promise<void> {
  await new Header(page).leave();
  await new SignInScreen(page, server, PACA).untilMounted();
}

/** From the sign-in page to the screen where a passkey signs in. */
async function toPasskey(page: Page, server: Server): Promise<void> {
  await new SignInScreen(page, server, PACA).open();
  await page.getByRole('link', { name: 'Se connecter avec une clé d’accès' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Connexion par clé d’accès');
}

/** What the page says of a dialog that brought nothing. */
function alert(page: Page) {
  return page.locator('#passkey-alert');
}

test('a passkey is added, signs in alone and at the second step, and is removed', async ({ page, server, accounts }) => {
  const person = await accounts.settled(PACA);
  const device = await Device.of(page);
  const header = new Header(page);
  await atSecurity(page, server, person);

  await test.step('added under the name that the person gives it', async () => {
    await add(page).click();
    await expect(page.getByLabel('Nom de la clé')).toBeFocused();
    await expectGoodInEveryDress(page, (tag) => chooseLanguage(page, tag));
    await page.getByRole('button', { name: 'Annuler' }).click();
    await enrol(page, 'Téléphone');
    await expect(page.getByRole('heading', { name: 'Clés d’accès' })).toBeFocused();
    expect(await device.keys()).toBe(1);
    await expectGoodScreen(page);
    await accounts.message(person.email, /./);
    await page.getByRole('button', { name: 'Le demander à chaque connexion' }).click();
    await expect(page.getByText('Un second facteur vous sera demandé à chaque connexion.')).toBeVisible();
    await page.getByRole('button', { name: 'Créer dix codes' }).click();
    await page.getByRole('button', { name: 'Je les ai gardés' }).click();
  });

  await test.step('a device that has a key makes no second one', async () => {
    await add(page).click();
    await page.getByRole('button', { name: 'Créer la clé d’accès' }).click();
    await expect(alert(page)).toContainText('Cet appareil a déjà une clé d’accès pour votre compte.');
    await expect(alert(page)).toBeFocused();
    await expectGoodScreen(page);
  });

  await test.step('it signs in alone', async () => {
    await leave(page, server);
    await toPasskey(page, server);
    await expectGoodInEveryDress(page, (tag) => chooseLanguage(page, tag));
    await use(page).click();
    await expect(header.menu).toBeVisible();
    await leave(page, server);
  });

  await test.step('it is offered first after the password, beside it a recovery code and not the mailbox that resets the password', async () => {
    const signIn = new SignInScreen(page, server, PACA);
    await signIn.open('/account');
    await signIn.signIn(person);
    await expect(use(page)).toBeVisible();
    await expectGoodInEveryDress(page, (tag) => chooseLanguage(page, tag));
    await page.getByRole('button', { name: 'Utiliser un autre moyen' }).click();
    await expect(page.getByRole('radio')).toHaveCount(2);
    await expect(page.getByRole('radio', { name: 'Clé d’accès' })).toBeChecked();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Vérification de votre identité');
    await expectGoodScreen(page);
    await expect(page.getByRole('radio', { name: 'Code de récupération' })).toBeVisible();
    await page.getByRole('button', { name: 'Valider' }).click();
    await use(page).click();
    await expect(page).toHaveURL(/\/account$/);
    await expect(header.menu).toBeVisible();
  });

  await test.step('it proves anew who is signed in, and is removed; then it opens nothing', async () => {
    await page.goto(server.url(PACA.host, '/account/security'));
    await givePassword(page, person.password);
    await use(page).click();
    await page.getByRole('button', { name: /^Retirer «\sTéléphone\s», ajoutée le / }).click();
    await expect(page.getByText('Vous n’avez pas encore de clé d’accès.')).toBeVisible();
    await leave(page, server);
    await toPasskey(page, server);
    await use(page).click();
    await expect(alert(page)).toContainText('Cette clé d’accès n’ouvre aucun compte ici.');
    await expect(alert(page)).toBeFocused();
    await expectGoodScreen(page);
    await page.getByRole('link', { name: 'Me connecter avec mon mot de passe' }).click();
    await new SignInScreen(page, server, PACA).untilMounted();
  });
});

test('a dialog that was closed is told in plain words, and can be opened again', async ({ page, server, accounts }) => {
  const person = await accounts.settled(PACA);
  const device = await Device.of(page);
  const header = new Header(page);
  await atSecurity(page, server, person);
  await device.verifies(false);
  await add(page).click();
  await page.getByRole('button', { name: 'Créer la clé d’accès' }).click();
  await expect(alert(page)).toContainText('La clé d’accès n’a pas été créée.');
  await expect(alert(page)).toBeFocused();
  await expectGoodInEveryDress(page, (tag) => chooseLanguage(page, tag));
  await device.verifies(true);
  await page.getByRole('button', { name: 'Créer la clé d’accès' }).click();
  await expect(page.getByText('La clé d’accès est ajoutée.')).toBeVisible();
  await leave(page, server);

  await toPasskey(page, server);
  await device.verifies(false);
  await use(page).click();
  await expect(alert(page)).toContainText('La clé d’accès n’a pas été utilisée.');
  await expect(alert(page)).toContainText('Vous pouvez recommencer.');
  await expect(alert(page)).toBeFocused();
  await expectGoodInEveryDress(page, (tag) => chooseLanguage(page, tag));
  await device.verifies(true);
  await use(page).click();
  await expect(header.menu).toBeVisible();
});

test('a browser without passkeys says so, and shows the way to the password', async ({ page, server }) => {
  await page.addInitScript(() => {
    Object.defineProperty(window, 'PublicKeyCredential', { value: undefined });
  });
  await toPasskey(page, server);
  await expect(page.getByText('Ce navigateur ne sait pas utiliser les clés d’accès.')).toBeVisible();
  await expect(use(page)).toBeHidden();
  await expectGoodInEveryDress(page, (tag) => chooseLanguage(page, tag));
  await page.getByRole('link', { name: 'Me connecter avec mon mot de passe' }).click();
  await new SignInScreen(page, server, PACA).untilMounted();
});
