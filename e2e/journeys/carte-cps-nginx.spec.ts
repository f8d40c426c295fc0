/** The card behind a reverse proxy: Debian's nginx ends TLS, and hands the certificate on in a header. */

import { heading, showing, useCard } from '../support/cards';
import { HEADER, Nginx, PROXY } from '../support/nginx';
import { NORMANDIE } from '../support/portals';
import { Header } from '../support/screens';
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

test('a card that nginx hands on signs in', async ({ browser }) => {
  await showing(browser, server, 'praticienne', async (page) => {
    await useCard(page, server, NORMANDIE);
    await expect(new Header(page).menu).toContainText('Jeanne');
  });
});

for (const [card, title] of [
  [undefined, 'Aucune carte n’a été présentée'],
  ['expiree', 'Votre carte n’est pas en cours de validité'],
  ['revoquee', 'Votre carte a été révoquée'],
  ['sans-contact', 'La carte a été lue sans contact'],
] as const) {
  test(`${card ?? 'an empty reader'} behind nginx leads to «${title}», and to no page of nginx`, async ({ browser }) => {
    await showing(browser, server, card, async (page) => {
      await useCard(page, server, NORMANDIE);
      await expect(heading(page)).toHaveText(title);
    });
  });
}

test('a certificate in a header from anybody but nginx opens nothing', async ({ browser }) => {
  await showing(browser, server, undefined, async (page) => {
    // The browser itself plays the proxy, from an address that is none.
    await page.route(/carte\.localhost/, async (route) => {
      const { pathname } = new URL(route.request().url());
      const answer = await server.ask('carte.localhost', pathname, { headers: { [HEADER]: 'MIIB' } });
      await route.fulfill({ status: answer.status, headers: { location: answer.headers.location ?? '' }, body: answer.body });
    });
    await useCard(page, server, NORMANDIE);
    await expect(heading(page)).toBeVisible();
    await expect(heading(page)).toHaveText(/Aucune carte n’a été présentée|Le certificat présenté ne peut pas être accepté/);
  });
});
