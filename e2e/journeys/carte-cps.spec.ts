/** «Authentification par certificat client», «Carte CPS»: a card signs in, and each fault has its page. */

import type { Page } from '@playwright/test';

import { cardHost, foreign, heading, showing, useCard, type CardName } from '../support/cards';
import { AURA, NORMANDIE, type Portal } from '../support/portals';
import { expectGoodInEveryDress, expectGoodScreen } from '../support/quality';
import { Header, SignInScreen, chooseLanguage, tabTo } from '../support/screens';
import type { Server } from '../support/server';
import { expect, test } from '../support/test';

const PASSWORD_WAY = /Identifiant \/ Mot de passe|Login \/ Mdp/;
const NOT_READ = 'Votre carte n’a pas pu être lue';

/** What ends badly, by the card that is shown. */
const ENDS: [CardName | undefined, string][] = [
  [undefined, 'Aucune carte n’a été présentée'],
  ['sans-compte', 'Aucun compte ne s’ouvre avec cette carte'],
  ['expiree', 'Votre carte n’est pas en cours de validité'],
  ['pas-encore-valable', 'Votre carte n’est pas en cours de validité'],
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
      if (card === 'expiree' || card === 'revoquee') {
        await expect(page.getByText('En attendant, connectez-vous autrement.')).toBeVisible();
      }
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

test('a certificate that is too weak to be believed is no card that could be read', async ({ browser, server }, info) => {
  await showing(browser, server, await foreign(info.outputPath('.'), 1024), async (page) => {
    await useCard(page, server, NORMANDIE);
    await expect(heading(page)).toHaveText('Le certificat présenté ne peut pas être accepté');
    await expect(page.getByRole('heading', { name: 'Que faire' })).toBeVisible();
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

test('an answer that another browser took away opens nothing there', async ({ browser, server }) => {
  await showing(
    browser,
    server,
    'praticienne',
    async (page) => {
      let answered = '';
      page.on('response', (response) => {
        answered = response.headers().location ?? answered;
      });
      // Its own browser redeems nothing: what the thief carries off is still good.
      const asked = page.waitForRequest('**/api/session/card/answer');
      await page.route('**/api/session/card/answer', (route) => route.abort());
      await useCard(page, server, NORMANDIE);
      const { token } = (await asked).postDataJSON() as { token: string };
      expect(new URL(answered).hash).toBe(`#${token}`);
      await showing(browser, server, undefined, async (thief) => {
        await thief.goto(answered);
        await expect(heading(thief)).toHaveText('Le délai est passé');
        await thief.goto(server.url(NORMANDIE.host));
        await new SignInScreen(thief, server, NORMANDIE).untilMounted();
      });
    },
    /net::ERR_FAILED/,
  );
});

/** Signs in by card with no mouse, from the top of the page. */
async function byKeyboard(page: Page, server: Server, portal: Portal): Promise<void> {
  await new SignInScreen(page, server, portal).open();
  const tab = page.getByRole('tab', { name: 'Carte CPS' });
  const button = page.getByRole('button', { name: 'Authentification par certificat client' });
  if (await tab.isVisible()) {
    await tabTo(page, page.getByRole('tab', { selected: true }));
    await page.keyboard.press('Home');
    await expect(tab).toBeFocused();
  } else {
    await tabTo(page, button);
  }
  await page.keyboard.press('Enter');
  await tabTo(page, page.getByRole('link', { name: 'Utiliser ma carte CPS' }));
  await page.keyboard.press('Enter');
}

for (const portal of [NORMANDIE, AURA]) {
  test(`${portal.name}: the keyboard alone is enough to sign in with a card`, async ({ browser, server }) => {
    await showing(browser, server, 'praticienne', async (page) => {
      await byKeyboard(page, server, portal);
      await expect(new Header(page).menu).toContainText('Jeanne');
      await expect(page).toHaveURL(server.url(portal.host, '/'));
    });
  });
}

test('a deep link is come to by card, and nothing of it is kept in the browser', async ({ browser, server }) => {
  await showing(browser, server, 'praticienne', async (page) => {
    await useCard(page, server, NORMANDIE, '/account/security');
    await expect(page).toHaveURL(server.url(NORMANDIE.host, '/account/security'));
    await expect(page.getByRole('region', { name: 'Carte CPS' })).toBeVisible();
    expect(await page.evaluate(() => sessionStorage.length + localStorage.length)).toBe(0);
  });
});

for (const elsewhere of ['https://example.org/', '//example.org', '/demo/mailbox']) {
  test(`a crafted way to ${elsewhere} leads home`, async ({ browser, server }) => {
    await showing(browser, server, 'praticienne', async (page) => {
      await page.goto(server.url(NORMANDIE.host, `/sign-in/card?return=${elsewhere}`));
      await expect(new Header(page).menu).toBeVisible();
      await expect(page).toHaveURL(server.url(NORMANDIE.host, '/'));
    });
  });
}

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
  // A line begins with no sign, and ends before none that belongs to the next.
  expect(await page.locator('main').innerText()).not.toMatch(/ [:;!?»]|« /);
  expect((await server.ask(NORMANDIE.host, '/demo/cards/card-host.key.pem')).status).toBe(404);
});
