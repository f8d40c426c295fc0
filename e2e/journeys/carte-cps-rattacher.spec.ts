/** «Sécurité» → «Carte CPS»: a card is attached, proves who one is, and is taken away; what else comes of one is told. */

import type { Page } from '@playwright/test';

import { heading, showing, useCard } from '../support/cards';
import { AURA, NORMANDIE, SAMPLE_PASSWORD, type Portal } from '../support/portals';
import { expectGoodInEveryDress, expectGoodScreen } from '../support/quality';
import { Header, SignInScreen, chooseLanguage } from '../support/screens';
import type { Server } from '../support/server';
import { expect, test } from '../support/test';
import { unlock, unlockHeading } from '../support/unlock';

/** Codes are sent, and the clock is turned. */
test.use({ ownServer: true });

/** Who has a number on record in the demo: that of the card `praticienne`. */
const PERSON = { identifier: 'praticien', password: SAMPLE_PASSWORD };

/** Signs in, proves who one is, and has the card attached that is in the reader. */
async function attachAs(page: Page, server: Server, portal: Portal, person: { identifier: string; password: string }): Promise<void> {
  const signIn = new SignInScreen(page, server, portal);
  await signIn.open();
  await signIn.signIn(person);
  await expect(new Header(page).menu).toBeVisible();
  await page.goto(server.url(portal.host, '/account/security'));
  await unlock(page, server, person.password);
  await page.getByRole('link', { name: 'Rattacher ma carte' }).click();
}

test('a card is attached, opens the account, proves who one is, and is taken away', async ({ browser, server, accounts }) => {
  const person = await accounts.settled(AURA);
  await showing(browser, server, 'sans-compte', async (page) => {
    const signIn = new SignInScreen(page, server, AURA);
    await signIn.open();
    await signIn.signIn(person);
    await expect(new Header(page).menu).toBeVisible();

    await page.goto(server.url(AURA.host, '/account/security'));
    const cards = page.getByRole('region', { name: 'Carte CPS' });
    await expect(cards.getByText('Aucune carte rattachée')).toBeVisible();
    await unlock(page, server, person.password);
    await cards.getByRole('link', { name: 'Rattacher ma carte' }).click();
    await expect(heading(page)).toHaveText('Votre carte est rattachée');
    await expectGoodInEveryDress(page, (tag) => chooseLanguage(page, tag));
    await page.getByRole('link', { name: 'Retour à la page' }).click();
    await expect(cards.getByText('10xxxxxxx03')).toBeVisible();
    await expectGoodInEveryDress(page, (tag) => chooseLanguage(page, tag));

    await new Header(page).leave();
    await signIn.untilMounted();
    await useCard(page, server, AURA);
    await expect(new Header(page).menu).toContainText('Camille');

    // Long enough for the last proof to be over.
    await server.advance(15 * 60);
    await page.goto(server.url(AURA.host, '/account/security'));
    await expect(unlockHeading(page)).toBeVisible();
    await expectGoodScreen(page);
    await page.getByRole('link', { name: 'Utiliser ma carte CPS' }).click();
    await expect(page).toHaveURL(server.url(AURA.host, '/account/security'));
    await expect(page.getByRole('status').filter({ hasText: 'Votre identité est confirmée' })).toBeAttached();
    await cards.getByRole('button', { name: 'Retirer la carte 10xxxxxxx03' }).click();
    await expect(cards.getByText('La carte n’est plus rattachée')).toBeVisible();

    await new Header(page).leave();
    await signIn.untilMounted();
    await useCard(page, server, AURA);
    await expect(heading(page)).toHaveText('Aucun compte ne s’ouvre avec cette carte');
  });
});

test('a card that another account bears is not attached', async ({ browser, server, accounts }) => {
  const person = await accounts.settled(AURA);
  await showing(browser, server, 'praticienne', async (page) => {
    await attachAs(page, server, AURA, person);
    await expect(heading(page)).toHaveText('Cette carte ouvre déjà un autre compte');
    await expectGoodInEveryDress(page, (tag) => chooseLanguage(page, tag));
    await page.getByRole('link', { name: 'Retour à la page' }).click();
    await expect(page.getByText('Aucune carte rattachée')).toBeVisible();
  });
});

test('a card of another number than the record’s is not attached', async ({ browser, server }) => {
  await showing(browser, server, 'sans-compte', async (page) => {
    await attachAs(page, server, NORMANDIE, PERSON);
    await expect(heading(page)).toHaveText('Cette carte ne porte pas votre numéro');
    await expect(page.getByText('10xxxxxxx03')).toBeVisible();
    await expectGoodInEveryDress(page, (tag) => chooseLanguage(page, tag));
    await page.getByRole('link', { name: 'Retour à la page' }).click();
    await expect(page.getByText('Aucune carte rattachée')).toBeVisible();
  });
});

test('who has an ADELI number on record is told too that its card signs in already', async ({ page, server, accounts }) => {
  const signIn = new SignInScreen(page, server, AURA);
  await signIn.open();
  await signIn.signIn(await accounts.settled(AURA, '--national-id', '759876543'));
  await expect(new Header(page).menu).toBeVisible();
  await page.goto(server.url(AURA.host, '/account/security'));
  await expect(page.getByText('La carte qui porte le numéro de votre fiche vous connecte déjà')).toBeVisible();
  await expectGoodScreen(page);
});

test('a proof by another person’s card is refused', async ({ browser, server }) => {
  await showing(browser, server, 'sans-compte', async (page) => {
    const signIn = new SignInScreen(page, server, NORMANDIE);
    await signIn.open();
    await signIn.signIn(PERSON);
    await expect(new Header(page).menu).toBeVisible();
    await page.goto(server.url(NORMANDIE.host, '/account/security'));
    await expect(page.getByText('La carte qui porte le numéro de votre fiche vous connecte déjà')).toBeVisible();
    await page.getByRole('link', { name: 'Utiliser ma carte CPS' }).click();
    await expect(heading(page)).toHaveText('Cette carte n’est pas la vôtre');
    await chooseLanguage(page, 'en');
    await expect(heading(page)).toHaveText('This card is not yours');
    await expectGoodInEveryDress(page, (tag) => chooseLanguage(page, tag));
    await page.getByRole('link', { name: 'Utiliser mon mot de passe' }).click();
    await expect(unlockHeading(page)).toBeVisible();
  });
});

test('who is signed in and shows a revoked card is not told to sign in', async ({ browser, server }) => {
  await showing(browser, server, 'revoquee', async (page) => {
    const signIn = new SignInScreen(page, server, NORMANDIE);
    await signIn.open();
    await signIn.signIn(PERSON);
    await expect(new Header(page).menu).toBeVisible();
    await page.goto(server.url(NORMANDIE.host, '/account/security'));
    await page.getByRole('link', { name: 'Utiliser ma carte CPS' }).click();
    await expect(heading(page)).toHaveText('Votre carte a été révoquée');
    await expect(page.getByText('En attendant, confirmez votre identité autrement.')).toBeVisible();
    await expect(page.locator('main').getByText('connectez-vous')).toHaveCount(0);
    await expectGoodInEveryDress(page, (tag) => chooseLanguage(page, tag));
  });
});
