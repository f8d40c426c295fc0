/** The card behind the proxies of the guide, which end TLS and hand the certificate on in a header. */

import { readFile } from 'node:fs/promises';
import { Agent, request } from 'node:https';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';

import { heading, showing, useCard } from '../support/cards';
import { NORMANDIE } from '../support/portals';
import { Proxy, type ProxyName } from '../support/proxy';
import { Header } from '../support/screens';
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

    test('hands a card on, which signs in', async ({ browser }) => {
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
      // What Apache does itself with an expired card, the guide says.
      if (name === 'apache' && card === 'expiree') continue;
      test(`leads ${card ?? 'an empty reader'} to «${title}», and to no page of its own`, async ({ browser }) => {
        await showing(browser, server, card, async (page) => {
          await useCard(page, server, NORMANDIE);
          await expect(heading(page)).toHaveText(title);
        });
      });
    }

    test('asks the next person at the same browser for their card anew', async () => {
      const agent = new Agent({ keepAlive: true, maxSockets: 1 });
      const first = await shown(server, agent);
      const second = await shown(server, agent);
      agent.destroy();
      expect([first.status, second.status]).toEqual([303, 303]);
      expect(second.isReused, 'the connection was kept').toBe(false);
      expect(second.isResumed, 'the session of TLS was resumed').toBe(false);
    });
  });
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
