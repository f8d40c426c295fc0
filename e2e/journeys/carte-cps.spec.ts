/** «Authentification par certificat client», «Carte CPS»: a card signs in, each fault has its page, cards are attached and taken away. */

import type { Page } from '@playwright/test';

import { cardHost, foreign, heading, showing, useCard, type CardName } from '../support/cards';
import { AURA, NORMANDIE, type Portal } from '../support/portals';
import { expectGoodInEveryDress, expectGoodScreen } from '../support/quality';
import { Header, SignInScreen, chooseLanguage } from '../support/screens';
import type { Server } from '../support/server';
import { expect, test } from '../support/test';
import { unlock, unlockHeading } from '../support/unlock';

const PASSWORD_WAY = /Identifiant \/ Mot de passe|Login \/ Mdp/;
const NOT_READ = 'Votre carte n’a pas pu être lue';

/** What ends badly, by the card that is shown. */
const ENDS: [CardName | undefined, string][] = [
  [undefined, 'Aucune carte n’a été présentée'],
  ['sans-compte', 'Aucun compte ne s’ouvre avec cette carte'],
  ['expiree', 'Votre carte n’est pas en cours de validité'],
  ['revoquee', 'Votre carte a été révoquée'],
  ['signature', 'Ce n’est pas le bon certificat'],
  ['sans-contact', 'La carte a été lue sans contact'],
  ['organisation', 'Ce certificat est celui d’un établissement'],
  ['test', 'Cette carte est une carte de test'],
];

/** Counts how often the page has a card asked for. */
function asks(page: Page): () => number {
  let asked = 0;
  page.on('request', (request) => {
    asked += request.method() === 'POST' && new URL(request.url()).pathname === '/api/session/card' ? 1 : 0;
  });
  return () => asked;
}

for (const portal of [NORMANDIE, AURA]) {
  test(`${portal.name}: a card signs in, without identifier or password, to where the person meant to go`, async ({ browser, server }) => {
    await showing(browser, server, 'praticienne', async (page) => {
      await page.goto(server.url(portal.host, '/sign-in?return=/account'));
      // Who has no card is not slowed: the password's form is the one that stands open.
      await expect(new SignInScreen(page, server, portal).password).toBeVisible();
      await expect(page.locator('.way[aria-expanded="true"], [role="tab"][aria-selected="true"]')).toHaveText(PASSWORD_WAY);
      await useCard(page, server, portal, '/sign-in?return=/account');
      await expect(page).toHaveURL(server.url(portal.host, '/account'));
      await expect(new Header(page).menu).toContainText('Jeanne');
      await expect(page.getByText('10001000206')).toBeVisible();
    });
  });

  test(`${portal.name}: the way to the card is good in every dress`, async ({ page, server }) => {
    await new SignInScreen(page, server, portal).open();
    const names = { fr: /Authentification par certificat client|Carte CPS/, en: /Authentication by client certificate|CPS card/ };
    await expectGoodInEveryDress(page, async (tag) => {
      await chooseLanguage(page, tag);
      await page.getByRole('button', { name: names[tag] }).or(page.getByRole('tab', { name: names[tag] })).click();
      await expect(page.getByRole('link', { name: /ma carte CPS|my CPS card/ })).toBeVisible();
    });
  });
}

for (const [card, title] of ENDS) {
  test(`«${title}» is what ${card ?? 'an empty reader'} leads to, with what to do next`, async ({ browser, server }) => {
    await showing(browser, server, card, async (page) => {
      await useCard(page, server, NORMANDIE);
      await expect(heading(page)).toHaveText(title);
      await expect(heading(page)).toBeFocused();
      expect(new URL(page.url()).hash, 'no token stays in the address').toBe('');
      await expect(page.getByRole('heading', { name: 'Que faire' })).toBeVisible();
      await expect(page.getByRole('contentinfo').getByText(NORMANDIE.support.phone)).toBeVisible();
      if (card === 'sans-compte') {
        await expect(page.getByText('10xxxxxxx03')).toBeVisible();
        await expect(page.getByText('10001000503')).toHaveCount(0);
      }
      await expectGoodInEveryDress(page, (tag) => chooseLanguage(page, tag));
      await page.getByRole('link', { name: 'Me connecter autrement' }).click();
      await new SignInScreen(page, server, NORMANDIE).untilMounted();
    });
  });
}

test('a certificate that no authority of cards issued is told from a card', async ({ browser, server }, info) => {
  await showing(browser, server, await foreign(info.outputPath('.')), async (page) => {
    await useCard(page, server, NORMANDIE);
    await expect(heading(page)).toHaveText('Ce certificat n’est pas celui d’une carte CPS');
    await expectGoodInEveryDress(page, (tag) => chooseLanguage(page, tag));
  });
});

test('«back» from the card’s host asks for no card again, and says what to do', async ({ browser, server }) => {
  await showing(browser, server, undefined, async (page) => {
    const asked = asks(page);
    await useCard(page, server, NORMANDIE);
    await expect(heading(page)).toHaveText('Aucune carte n’a été présentée');
    await page.goBack();
    await expect(heading(page)).toHaveText(NOT_READ);
    await expectGoodScreen(page);
    expect(asked()).toBe(1);
    await page.reload();
    await expect(heading(page)).toHaveText(NOT_READ);
    expect(asked()).toBe(1);
    await page.getByRole('button', { name: 'Réessayer' }).click();
    await expect(heading(page)).toHaveText('Aucune carte n’a été présentée');
    expect(asked()).toBe(2);
  });
});

test('who signed in by card and goes back is not asked for it again', async ({ browser, server }) => {
  await showing(browser, server, 'praticienne', async (page) => {
    const asked = asks(page);
    await useCard(page, server, NORMANDIE);
    await expect(new Header(page).menu).toBeVisible();
    await page.goBack();
    await expect(new Header(page).menu).toBeVisible();
    await expect(page).toHaveURL(server.url(NORMANDIE.host, '/'));
    expect(asked()).toBe(1);
  });
});

test('an answer that another browser took away opens nothing', async ({ browser, server }) => {
  await showing(browser, server, 'praticienne', async (page) => {
    let answered = '';
    // The way back is held: its address is what a thief would carry off.
    await page.route(/\/sign-in\/card$/, async (route) => {
      if (route.request().redirectedFrom() === null) {
        return route.continue();
      }
      answered = route.request().url();
      return route.abort();
    });
    page.on('response', (response) => {
      answered = response.headers().location ?? answered;
    });
    await useCard(page, server, NORMANDIE);
    await expect.poll(() => new URL(answered || 'about:blank').hash).not.toBe('');
    await showing(browser, server, undefined, async (thief) => {
      await thief.goto(answered);
      await expect(heading(thief)).toHaveText('Le délai est passé');
    });
  });
});

test.describe('with a clock to turn', () => {
  test.use({ ownServer: true });

  test('a card that is shown too late says so, and once more is enough', async ({ browser, server }) => {
    await showing(browser, server, 'praticienne', async (page) => {
      let late = true;
      await page.route(`${cardHost(server)}/**`, async (route) => {
        if (late) {
          late = false;
          await server.advance(6 * 60);
        }
        await route.continue();
      });
      await useCard(page, server, NORMANDIE);
      await expect(heading(page)).toHaveText('Le délai est passé');
      await expectGoodInEveryDress(page, (tag) => chooseLanguage(page, tag));
      await page.getByRole('button', { name: 'Réessayer' }).click();
      await expect(new Header(page).menu).toBeVisible();
    });
  });

  test('a card of which nothing recent tells whether it was revoked is not believed', async ({ browser, server }) => {
    await server.advance(33 * 24 * 3600);
    await showing(browser, server, 'praticienne', async (page) => {
      await useCard(page, server, NORMANDIE);
      await expect(heading(page)).toHaveText('Votre carte ne peut pas être vérifiée en ce moment');
      await expectGoodInEveryDress(page, (tag) => chooseLanguage(page, tag));
      // The answer itself says that it is the service which fails.
    }, /503/);
  });

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
      await expect(cards.getByText('La carte est retirée')).toBeVisible();

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
});

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

test('a proof by another person’s card is refused', async ({ browser, server }) => {
  await showing(browser, server, 'sans-compte', async (page) => {
    const signIn = new SignInScreen(page, server, NORMANDIE);
    await signIn.open();
    await signIn.signIn({ identifier: 'praticien', password: 'Portique#2026' });
    await expect(new Header(page).menu).toBeVisible();
    await page.goto(server.url(NORMANDIE.host, '/account/security'));
    await expect(page.getByText('La carte qui porte le numéro de votre fiche vous connecte déjà')).toBeVisible();
    await page.getByRole('link', { name: 'Utiliser ma carte CPS' }).click();
    await expect(heading(page)).toHaveText('Cette carte n’est pas la vôtre');
    await page.getByRole('link', { name: 'Utiliser mon mot de passe' }).click();
    await expect(unlockHeading(page)).toBeVisible();
  });
});

test('the demo gives its cards away, and says how to import one', async ({ page, server }) => {
  await page.goto(server.url(NORMANDIE.host, '/demo/mailbox'));
  await page.getByRole('link', { name: 'Cartes CPS d’essai' }).click();
  await expect(heading(page)).toHaveText('Cartes CPS d’essai');
  await expectGoodScreen(page);
  for (const link of await page.getByRole('link', { name: /\.(p12|pem)$/ }).all()) {
    const file = await server.ask(NORMANDIE.host, (await link.getAttribute('href')) ?? '');
    expect(file.status, await link.innerText()).toBe(200);
    expect(file.body.length).toBeGreaterThan(500);
  }
  expect((await server.ask(NORMANDIE.host, '/demo/cards/card-host.key.pem')).status).toBe(404);
});
