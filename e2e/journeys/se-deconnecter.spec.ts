/** «Se déconnecter»: nothing of the person stays in the browser. */

import { NORMANDIE, PACA, SAMPLE_PASSWORD } from '../support/portals';
import { Header, SignInScreen } from '../support/screens';
import { expect, test } from '../support/test';

test('after signing out, Back shows nothing of the person', async ({ page, server, accounts }) => {
  const account = await accounts.settled(NORMANDIE);
  const signIn = new SignInScreen(page, server, NORMANDIE);
  await signIn.open();
  await signIn.signIn(account);
  const header = new Header(page);
  await header.openAccount();
  await expect(page.getByText(account.email)).toBeVisible();

  await header.leave();
  await expect(signIn.identifier).toBeVisible();
  await expect(signIn.identifier).toHaveValue('');
  for (let steps = 0; steps < 3; steps += 1) {
    await page.goBack();
    await expect(page.getByText(account.email)).toHaveCount(0);
    await expect(page.getByText('Bruyère')).toHaveCount(0);
  }
});

test('the session is over for the server too, and the cookie is gone', async ({ page, server, context }) => {
  const signIn = new SignInScreen(page, server, PACA);
  await signIn.open();
  await signIn.signIn({ identifier: 'praticien', password: SAMPLE_PASSWORD });
  const header = new Header(page);
  await expect(header.padlock).toBeVisible();
  const ofSession = async () => (await context.cookies(server.url(PACA.host))).filter(({ name }) => name.endsWith('portique'));
  const [cookie] = await ofSession();
  expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Lax', path: '/', expires: -1 });

  const left = page.waitForResponse((response) => response.request().method() === 'DELETE');
  await header.leave();
  expect((await (await left).allHeaders())['clear-site-data']).toMatch(/"cache".*"storage"|"storage".*"cache"/);
  await expect(signIn.identifier).toBeVisible();
  expect(await ofSession()).toEqual([]);
  const replayed = await server.ask(PACA.host, '/api/session', { headers: { cookie: `${cookie?.name}=${cookie?.value}` } });
  expect(JSON.parse(replayed.text)).toEqual({ status: 'anonymous' });
});

test('a session of one portal opens nothing on another', async ({ server, accounts }) => {
  const cookie = await accounts.session(PACA, { identifier: 'praticien', password: SAMPLE_PASSWORD });
  const elsewhere = await server.ask(NORMANDIE.host, '/api/account', { headers: { cookie } });
  expect(elsewhere.status).toBe(401);
});
