/** Sample cards, shown by a browser as if they were in its reader. */

import { execFile } from 'node:child_process';
import dns from 'node:dns';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

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
export type CardName = 'praticienne' | 'sans-compte' | 'expiree' | 'pas-encore-valable' | 'revoquee' | 'signature' | 'sans-contact' | 'organisation' | 'test';

/** A certificate for authentication that no authority of cards issued, made in the folder; its key is of so many bits. */
export async function foreign(folder: string, bits = 2048): Promise<CardFiles> {
  const files = { certPath: join(folder, 'foreign.pem'), keyPath: join(folder, 'foreign.key.pem') };
  await promisify(execFile)('openssl', [
    ...['req', '-x509', '-newkey', `rsa:${bits}`, '-nodes', '-days', '30', '-subj', '/C=FR/O=Ailleurs/CN=810001000206'],
    ...['-addext', 'basicConstraints=critical,CA:FALSE', '-addext', 'keyUsage=critical,digitalSignature'],
    ...['-addext', 'extendedKeyUsage=clientAuth', '-keyout', files.keyPath, '-out', files.certPath],
  ]);
  return files;
}

/** A certificate, which may have those of its issuers behind it, and its key: PEM. */
interface CardFiles {
  certPath: string;
  keyPath: string;
}

function sample(card: CardName): CardFiles {
  return { certPath: join(CARDS, 'cards', `${card}.pem`), keyPath: join(CARDS, 'cards', `${card}.key.pem`) };
}

/** The card's certificate alone, in PEM. */
export async function certificate(card: CardName): Promise<string> {
  const [own] = (await readFile(sample(card).certPath, 'utf8')).split(/(?<=-----END CERTIFICATE-----\n)/);
  return own ?? '';
}

/** The host that asks for cards. */
export function cardHost(server: Server): string {
  return `https://carte.localhost:${server.cardsPort}`;
}

/** A window of a browser whose reader holds this card, or none; and what the browser complained of meanwhile. */
async function withCard(browser: Browser, server: Server, card: CardName | CardFiles | undefined): Promise<{ page: Page; complaints: string[] }> {
  const files = typeof card === 'string' ? sample(card) : card;
  const context = await browser.newContext({
    // The host's own certificate is of a root that this browser doesn't know.
    ignoreHTTPSErrors: true,
    clientCertificates: files === undefined ? [] : [{ origin: cardHost(server), ...files }],
  });
  const page = await context.newPage();
  return { page, complaints: listen(page) };
}

/** The same for what `use` does, after which nothing may have been complained of but what is `expected`. */
export async function showing(
  browser: Browser,
  server: Server,
  card: CardName | CardFiles | undefined,
  use: (page: Page) => Promise<void>,
  expected: RegExp = /^$/,
): Promise<void> {
  const { page, complaints } = await withCard(browser, server, card);
  await use(page);
  const unexpected = complaints.filter((complaint) => !expected.test(complaint));
  expect(unexpected, 'the browser complained').toEqual([]);
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
