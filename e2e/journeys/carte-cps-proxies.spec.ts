/** The card behind the proxies of the guide, which end TLS and hand the certificate on in a header. */

import { readFile } from 'node:fs/promises';
import { Agent, request } from 'node:https';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';

import { certificate, foreign, heading, showing, useCard } from '../support/cards';
import { NORMANDIE } from '../support/portals';
import { HEADER, Proxy, type ProxyName } from '../support/proxy';
import { expectGoodInEveryDress } from '../support/quality';
import { Header, chooseLanguage } from '../support/screens';
import { CARDS, type Server } from '../support/server';
import { expect, test } from '../support/test';

for (const name of ['nginx', 'apache', 'haproxy'] as const satisfies ProxyName[]) {
  test.describe(name, () => {
    test.describe.configure({ mode: 'serial' });

    let server: Server;
    let proxy: Proxy;

    test.beforeAll(async () => {
      [server, proxy] = await Proxy.withServer(name);
    });

    test.afterAll(async () => {
      await proxy?.stop();
      await server?.stop();
    });

    test('hands a card on, which signs in, to where the person meant to go', async ({ browser }) => {
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
      // These Apache refuses itself, as the guide says.
      if (name === 'apache' && (card === 'expiree' || card === 'signature')) continue;
      test(`leads ${card ?? 'an empty reader'} to «${title}», and to no page of its own`, async ({ browser }) => {
        await showing(browser, server, card, async (page) => {
          await useCard(page, server, NORMANDIE);
          await expect(heading(page)).toHaveText(title);
          // The pages are the same behind each of them.
          if (name === 'nginx') {
            await expectGoodInEveryDress(page, (tag) => chooseLanguage(page, tag));
          }
        });
      });
    }

    test('lets a certificate through that no authority of cards issued, which is told from a card', async ({ browser }, info) => {
      await showing(browser, server, await foreign(info.outputPath('.')), async (page) => {
        await useCard(page, server, NORMANDIE);
        await expect(heading(page)).toHaveText('Ce certificat n’est pas celui d’une carte CPS');
      });
    });

    test('asks the next person at the same browser for their card anew', async () => {
      const agent = new Agent({ keepAlive: true, maxSockets: 1 });
      const first = await shown(server, agent);
      const second = await shown(server, agent);
      agent.destroy();
      expect([first.status, second.status]).toEqual([303, 303]);
      expect(second.isReused, 'the connection was kept').toBe(false);
      expect(second.isResumed, 'the session of TLS was resumed').toBe(false);
    });

    test('a good card’s certificate in a header from anybody else opens nothing, and is written down', async ({ browser }) => {
      const before = await spoofs(server);
      // As nginx would escape it, and would be believed.
      const header = encodeURIComponent(await certificate('praticienne'));
      await showing(browser, server, undefined, async (page) => {
        // The browser itself plays the proxy, from an address that is none.
        await page.route(/carte\.localhost/, async (route) => {
          const { pathname, search } = new URL(route.request().url());
          const answer = await server.ask('carte.localhost', pathname + search, { headers: { [HEADER]: header }, port: proxy.brings });
          await route.fulfill({ status: answer.status, headers: { location: answer.headers.location ?? '' }, body: answer.body });
        });
        await useCard(page, server, NORMANDIE);
        await expect(heading(page)).toHaveText('Le certificat présenté ne peut pas être accepté');
        await expect(new Header(page).menu).toHaveCount(0);
      });
      expect(await spoofs(server)).toBe(before + 1);
    });
  });
}

/** How often somebody who is no proxy is in the audit trail with a card. */
async function spoofs(server: Server): Promise<number> {
  const entries = (await server.command('audit', 'export')).split('\n').filter(Boolean);
  const told = entries.map((entry) => JSON.parse(entry) as { action: string; factor: string; result: string });
  return told.filter(({ action, factor, result }) => action === 'sign_in' && factor === 'card' && result === 'card_spoofed_header').length;
}

/** Shows the sample card through this agent, which would use its connection and its session of TLS again. */
async function shown(server: Server, agent: Agent): Promise<{ status?: number; isReused: boolean; isResumed: boolean }> {
  const [cert, key] = await Promise.all(['praticienne.pem', 'praticienne.key.pem'].map((file) => readFile(join(CARDS, 'cards', file))));
  return new Promise((done, failed) => {
    const asked = request(
      {
        ...{ agent, cert, key, host: '127.0.0.1', port: server.cardsPort, path: '/card/normandie/00' },
        ...{ servername: 'carte.localhost', headers: { host: `carte.localhost:${server.cardsPort}` }, rejectUnauthorized: false },
      },
      (answer) => {
        const isResumed = (answer.socket as TLSSocket).isSessionReused();
        answer.on('error', failed);
        answer.on('end', () => done({ status: answer.statusCode, isReused: asked.reusedSocket, isResumed }));
        answer.resume();
      },
    );
    asked.on('error', failed);
    asked.end();
  });
}
