/** «Rappel du Login»: the mail lists the identifiers of an address. */

import { AURA, PORTALS } from '../support/portals';
import { expectGoodInEveryDress } from '../support/quality';
import { AskScreen, SignInScreen, chooseLanguage } from '../support/screens';
import { expect, test } from '../support/test';

const SUBMIT = /^Récupérer mon identifiant$/;

for (const portal of PORTALS) {
  test(`${portal.name}: from the lost password to the identifier, by mail`, async ({ page, server, accounts }) => {
    const account = await accounts.settled(portal);
    const ask = new AskScreen(page);
    await new SignInScreen(page, server, portal).open();
    await page.getByRole('link', { name: /^Mot de passe oublié/ }).click();
    await page.getByRole('link', { name: /^Je ne connais pas mon identifiant$/ }).click();
    await expect(ask.heading).toHaveText(portal.name === 'aura' ? 'Rappel du Login' : 'Rappel de votre identifiant');
    await expect(ask.heading).toBeFocused();
    await expectGoodInEveryDress(page, (tag) => chooseLanguage(page, tag));

    const before = (await server.messagesTo(account.email)).length;
    await ask.ask(account.email, SUBMIT);
    const reference = await ask.untilTaken();
    await page.reload();
    await expect(ask.reference).toHaveText(reference);
    await expect(ask.said).toContainText('Si un compte correspond à cette adresse');
    await expect.poll(async () => (await server.messagesTo(account.email)).length).toBeGreaterThan(before);
    const mail = (await server.messagesTo(account.email)).at(-1);
    expect(mail?.text).toContain(account.identifier);
    expect(mail?.text).toContain(reference);

    await ask.back.click();
    await new SignInScreen(page, server, portal).untilMounted();
  });
}

test('«Annuler» leads back to the lost password, then to signing in', async ({ page, server }) => {
  const ask = new AskScreen(page);
  const signIn = new SignInScreen(page, server, AURA);
  await page.goto(server.url(AURA.host, '/identifier/lost'));
  await expect(page.getByText('Donnez-nous votre email et nous vous enverrons vos informations de connexion.')).toBeVisible();
  await ask.cancel.click();
  await expect(ask.heading).toHaveText('Procédure de réinitialisation de mot de passe');
  await ask.cancel.click();
  await signIn.untilMounted();
});

test('who mistyped goes back to what they typed', async ({ page, server }) => {
  const ask = new AskScreen(page);
  await page.goto(server.url(AURA.host, '/identifier/lost'));
  await ask.ask('camile@exemple.fr', SUBMIT);
  await ask.untilTaken();
  await page.getByRole('button', { name: 'Vérifiez votre saisie' }).click();
  await expect(ask.heading).toHaveText('Rappel du Login');
  await expect(ask.subject).toHaveValue('camile@exemple.fr');
});
