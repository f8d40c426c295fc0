/** «Mes sessions»: a person sees where they are signed in, and ends what they do not want. */

import type { Browser, Page } from '@playwright/test';

import type { Account } from '../support/accounts';
import { PACA } from '../support/portals';
import { expectGoodInEveryDress } from '../support/quality';
import { chooseLanguage, Header, SignInScreen } from '../support/screens';
import type { Server } from '../support/server';
import { expect, listen, test } from '../support/test';

const FIREFOX = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0';

/** Signs in, and goes to «Mon compte» → «Sécurité». */
async function signedIn(page: Page, server: Server, account: Account): Promise<void> {
  const signIn = new SignInScreen(page, server, PACA);
  await signIn.open();
  await signIn.signIn(account);
  await new Header(page).openSecurity();
  await expect(sessions(page)).not.toHaveCount(0);
}

function section(page: Page) {
  return page.getByRole('region', { name: /^(Mes sessions|My sessions)$/ });
}

function sessions(page: Page) {
  return section(page).getByRole('listitem');
}

/** Another browser of the same person, which calls itself Firefox. */
async function elsewhere(browser: Browser, server: Server, account: Account): Promise<Page> {
  const context = await browser.newContext({ userAgent: FIREFOX });
  const page = await context.newPage();
  const complaints = listen(page);
  page.once('close', () => expect(complaints, 'the other browser complained').toEqual([]));
  await signedIn(page, server, account);
  return page;
}

test('a session is ended from another browser, which goes to the sign-in page and says why', async ({
  page,
  browser,
  server,
  accounts,
}) => {
  const account = await accounts.settled(PACA);
  const other = await elsewhere(browser, server, account);
  await signedIn(page, server, account);
  // The one of the API's change of password has ended with nobody; it is there too.
  const mine = sessions(page).filter({ hasText: /^Cette session$|Cette session/ });
  const firefox = sessions(page).filter({ hasText: 'Firefox sur Windows' });
  await expect(mine).toHaveCount(1);
  await expect(mine.getByRole('button')).toHaveCount(0);
  await expect(firefox).toContainText(/Dernière utilisation le \d\d\/\d\d\/\d{4}, à \d\d:\d\d\s– Réseau local/);
  await expect(sessions(page).filter({ hasText: 'Navigateur inconnu' })).toHaveCount(1);
  await expectGoodInEveryDress(page, (tag) => chooseLanguage(page, tag));

  await test.step('each button says what it ends', async () => {
    const names = await section(page).getByRole('button', { name: /^Mettre fin à cette session/ }).all();
    const told = await Promise.all(names.map((button) => button.getAttribute('aria-label')));
    expect(told).toHaveLength(2);
    expect(new Set(told).size, 'no two are called the same').toBe(2);
  });

  await firefox
    .getByRole('button', { name: /^Mettre fin à cette session\s: Firefox sur Windows, Connexion le \d\d\/\d\d\/\d{4}, à \d\d:\d\d$/ })
    .click();
  await expect(section(page).getByRole('status')).toHaveText('Cette session est terminée.');
  await expect(section(page).getByRole('heading')).toBeFocused();
  await expect(firefox).toHaveCount(0);
  await expect(mine).toHaveCount(1);

  // Whatever is done there next finds out.
  await other.getByRole('link', { name: /portail de santé paca/i }).first().click();
  const signIn = new SignInScreen(other, server, PACA);
  await expect(signIn.identifier).toBeVisible();
  await expect(other.getByText('Votre session a été fermée. Reconnectez-vous pour continuer.')).toBeVisible();
  await other.context().close();
});

test('all other sessions are ended at once, and this one goes on', async ({ page, browser, server, accounts }) => {
  const account = await accounts.settled(PACA);
  const other = await elsewhere(browser, server, account);
  await signedIn(page, server, account);
  await expect(sessions(page)).toHaveCount(3);
  const all = section(page).getByRole('button', { name: 'Mettre fin aux autres sessions' });
  await all.click();
  await expect(section(page).getByRole('status')).toHaveText('Les autres sessions sont terminées.');
  await expect(sessions(page)).toHaveCount(1);
  await expect(sessions(page)).toContainText('Cette session');
  await expect(all).toHaveCount(0);
  await page.reload();
  await expect(sessions(page)).toHaveCount(1);

  // The other browser's own button finds it ended too.
  await section(other).getByRole('button').first().click();
  await expect(new SignInScreen(other, server, PACA).identifier).toBeVisible();
  await other.context().close();
});
