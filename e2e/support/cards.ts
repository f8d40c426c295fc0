/** Sample cards, shown by a browser as if they were in its reader. */

import dns from 'node:dns';
import { join } from 'node:path';

import { expect, type Browser, type Page } from '@playwright/test';

import type { Portal } from './portals';
import { CARDS, type Server } from './server';
import { listen } from './test';

// A browser that shows certificates goes through a proxy of Playwright's, in this process, which looks every name up. Chromium
// takes the names under localhost for this machine (RFC 6761); resolvers need not.
const lookup = dns.promises.lookup;
const anywhere = lookup as (name: string, options: dns.LookupAllOptions) => Promise<dns.LookupAddress[]>;
Object.assign(dns.promises, {
  lookup: (name: string, options: dns.LookupAllOptions) => anywhere(/(^|\.)localhost$/.test(name) ? '127.0.0.1' : name, options),
});

/** The demo's cards, by what is particular about them. */
export type CardName = 'praticienne' | 'sans-compte' | 'expiree' | 'revoquee' | 'signature' | 'sans-contact' | 'organisation' | 'test';

/** A certificate that no authority of cards issued. */
export const FOREIGN = join('server', 'card-host');

/** The host that asks for cards. */
export function cardHost(server: Server): string {
  return `https://carte.localhost:${server.cardsPort}`;
}

/** A window of a browser whose reader holds this card, or none; and what the browser complained of meanwhile. */
export async function withCard(browser: Browser, server: Server, card?: CardName | typeof FOREIGN): Promise<{ page: Page; complaints: string[] }> {
  const file = (ending: string) => join(CARDS, card === FOREIGN ? `${FOREIGN}.${ending}` : join('cards', `${card}.${ending}`));
  const context = await browser.newContext({
    // The host's own certificate is of a root that this browser doesn't know.
    ignoreHTTPSErrors: true,
    clientCertificates: card === undefined ? [] : [{ origin: cardHost(server), certPath: file('pem'), keyPath: file('key.pem') }],
  });
  const page = await context.newPage();
  return { page, complaints: listen(page) };
}

/** The same for what `use` does, after which nothing may have been complained of. */
export async function showing(
  browser: Browser,
  server: Server,
  card: CardName | typeof FOREIGN | undefined,
  use: (page: Page) => Promise<void>,
): Promise<void> {
  const { page, complaints } = await withCard(browser, server, card);
  await use(page);
  expect(complaints, `the browser complained with ${card ?? 'no card'}`).toEqual([]);
  await page.context().close();
}

/** Signs in from the portal's own page, by the way that its guide names. */
export async function useCard(page: Page, server: Server, portal: Portal, path = '/'): Promise<void> {
  await page.goto(server.url(portal.host, path));
  const way = page.getByRole('button', { name: 'Authentification par certificat client' });
  await way.or(page.getByRole('tab', { name: 'Carte CPS' })).click();
  await page.getByRole('link', { name: 'Utiliser ma carte CPS' }).click();
}

/** The screen that says how it ended. */
export function heading(page: Page) {
  return page.getByRole('heading', { level: 1 });
}
