/** «Première connexion»: the invitation was lost; another brings a new provisional password, and the older one is dead. */

import { AURA, NEUTRAL } from '../support/portals';
import { expectGoodInEveryDress } from '../support/quality';
import { AskScreen, ChangePasswordScreen, SignInScreen, chooseLanguage } from '../support/screens';
import { expect, test } from '../support/test';

const PROVISIONAL = /mot de passe provisoire[^:]*:\s*(\S+)/i;

for (const portal of [AURA, NEUTRAL]) {
  test(`${portal.name}: a lost invitation is sent once more`, async ({ page, server, accounts }) => {
    const account = await accounts.invited(portal);
    const signIn = new SignInScreen(page, server, portal);
    const ask = new AskScreen(page);
    await signIn.open();
    await page.getByRole('link', { name: /^Première connexion$/ }).click();
    await expect(ask.heading).toHaveText('Première connexion');
    await expectGoodInEveryDress(page, (tag) => chooseLanguage(page, tag));
    await ask.ask(account.email, /^Recevoir une nouvelle invitation$/);
    const reference = await ask.untilTaken();
    await expectGoodInEveryDress(page, (tag) => chooseLanguage(page, tag));
    await page.reload();
    await expect(ask.reference).toHaveText(reference);

    await expect.poll(async () => (await server.messagesTo(account.email)).length).toBe(2);
    const mail = (await server.messagesTo(account.email)).at(-1);
    const provisional = PROVISIONAL.exec(mail?.text ?? '')?.[1] ?? '';
    expect(provisional).not.toBe('');
    expect(provisional).not.toBe(account.password);

    await ask.back.click();
    await signIn.untilMounted();
    await signIn.signIn(account);
    await expect(page.getByRole('alert')).toBeVisible();
    await signIn.signIn({ ...account, password: provisional });
    await new ChangePasswordScreen(page, portal).untilShown();
  });
}

test('who has signed in already is told the same, and gets no new provisional password', async ({ page, server, accounts }) => {
  const account = await accounts.settled(AURA);
  const signIn = new SignInScreen(page, server, AURA);
  const ask = new AskScreen(page);
  await page.goto(server.url(AURA.host, '/first-connection'));
  await ask.ask(account.email, /^Recevoir une nouvelle invitation$/);
  await ask.untilTaken();
  await ask.back.click();
  await signIn.untilMounted();
  await signIn.signIn(account);
  await expect(page.getByText('Dernière connexion')).toBeVisible();
});
