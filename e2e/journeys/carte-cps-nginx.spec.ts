/** The card behind a reverse proxy: Debian's nginx ends TLS, and hands the certificate on in a header. */

import { certificate, foreign, heading, showing, useCard } from '../support/cards';
import { HEADER, Nginx, PROXY } from '../support/nginx';
import { NORMANDIE } from '../support/portals';
import { expectGoodInEveryDress } from '../support/quality';
import { Header, chooseLanguage } from '../support/screens';
import { Server, freePort } from '../support/server';
import { expect, test } from '../support/test';

test.describe.configure({ mode: 'serial' });

let server: Server;
let nginx: Nginx;

test.beforeAll(async () => {
  server = await Server.start({
    // Its own listener stays out of the way: nginx stands where the portals send people to.
    PORTIQUE__CARDS__TLS__LISTEN: `127.0.0.1:${await freePort()}`,
    PORTIQUE__CARDS__PROXY__FROM: `["${PROXY}/32"]`,
    PORTIQUE__CARDS__PROXY__FORMAT: 'nginx',
    PORTIQUE__CARDS__PROXY__HEADER: HEADER,
  });
  nginx = await Nginx.before(server);
});

test.afterAll(async () => {
  await nginx?.stop();
  await server?.stop();
});

test('a card that nginx hands on signs in, to where the person meant to go', async ({ browser }) => {
  await showing(browser, server, 'praticienne', async (page) => {
    await useCard(page, server, NORMANDIE, '/account/security');
    await expect(new Header(page).menu).toContainText('Jeanne');
    await expect(page).toHaveURL(server.url(NORMANDIE.host, '/account/security'));
  });
});

for (const [card, title] of [
  [undefined, 'Aucune carte n’a été présentée'],
  ['expiree', 'Votre carte n’est pas en cours de validité'],
  ['revoquee', 'Votre carte a été révoquée'],
  ['sans-contact', 'La carte a été lue sans contact'],
  ['signature', 'Ce n’est pas le bon certificat'],
] as const) {
  test(`${card ?? 'an empty reader'} behind nginx leads to «${title}», and to no page of nginx`, async ({ browser }) => {
    await showing(browser, server, card, async (page) => {
      await useCard(page, server, NORMANDIE);
      await expect(heading(page)).toHaveText(title);
      await expectGoodInEveryDress(page, (tag) => chooseLanguage(page, tag));
    });
  });
}

test('behind nginx too, a certificate that no authority of cards issued is told from a card', async ({ browser }, info) => {
  await showing(browser, server, await foreign(info.outputPath('.')), async (page) => {
    await useCard(page, server, NORMANDIE);
    await expect(heading(page)).toHaveText('Ce certificat n’est pas celui d’une carte CPS');
    await expectGoodInEveryDress(page, (tag) => chooseLanguage(page, tag));
  });
});

/** How often somebody who is no proxy is in the audit trail with a card. */
async function spoofs(): Promise<number> {
  const entries = (await server.command('audit', 'export')).split('\n').filter(Boolean);
  const told = entries.map((entry) => JSON.parse(entry) as { action: string; factor: string; result: string });
  return told.filter(({ action, factor, result }) => action === 'sign_in' && factor === 'card' && result === 'card_spoofed_header').length;
}

test('a good card’s certificate in a header from anybody but nginx opens nothing, and is written down', async ({ browser }) => {
  const before = await spoofs();
  // As nginx would escape it, and would be believed.
  const header = encodeURIComponent(await certificate('praticienne'));
  await showing(browser, server, undefined, async (page) => {
    // The browser itself plays the proxy, from an address that is none.
    await page.route(/carte\.localhost/, async (route) => {
      const { pathname, search } = new URL(route.request().url());
      const answer = await server.ask('carte.localhost', pathname + search, { headers: { [HEADER]: header } });
      await route.fulfill({ status: answer.status, headers: { location: answer.headers.location ?? '' }, body: answer.body });
    });
    await useCard(page, server, NORMANDIE);
    await expect(heading(page)).toHaveText('Le certificat présenté ne peut pas être accepté');
    await expect(new Header(page).menu).toHaveCount(0);
  });
  expect(await spoofs()).toBe(before + 1);
});
