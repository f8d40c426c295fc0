/** «Mot de passe oublié», by identifier: captcha, masked address, and a page that asks for the identifier again. */

import { linkIn } from '../support/mails';
import { NORMANDIE, digits } from '../support/portals';
import { expectGoodInEveryDress, expectGoodScreen } from '../support/quality';
import { AskScreen, NewPasswordScreen, SignInScreen, chooseLanguage } from '../support/screens';
import { expect, test } from '../support/test';

const SUBMIT = /^Valider$/;
const MASKED = /Vous allez recevoir un mail de confirmation à l’adresse \S*…@\S+\./;

test('the page shows the masked address, the link asks for the identifier, and a mail confirms', async ({
  page,
  server,
  accounts,
}) => {
  const account = await accounts.settled(NORMANDIE);
  const other = await accounts.settled(NORMANDIE);
  const [, renewed] = NORMANDIE.passwords;
  const signIn = new SignInScreen(page, server, NORMANDIE);
  const ask = new AskScreen(page);
  const reset = new NewPasswordScreen(page, server, NORMANDIE);

  const reference = await test.step('identifier and captcha', async () => {
    await signIn.open();
    await page.getByRole('link', { name: /^Mot de passe oublié$/ }).click();
    await expect(ask.heading).toHaveText('Mot de passe oublié');
    await expect(page.getByText('Renseignez tous les champs obligatoires')).toBeVisible();
    await expect(page.getByLabel('Votre identifiant *')).toBeVisible();
    // The star is explained to who sees it; «required» says the same to who hears the field.
    await expect(page.getByText('* champ obligatoire', { exact: true })).toBeVisible();
    await expect(ask.subject).toHaveAccessibleName('Votre identifiant');
    await expect(ask.subject).toHaveAttribute('required');
    await expectGoodInEveryDress(page, (tag) => chooseLanguage(page, tag));
    await ask.ask(account.identifier, SUBMIT);
    const taken = await ask.untilTaken();
    await expect(ask.said).toContainText('Votre demande de changement de mot de passe est prise en compte.');
    await expect(ask.said).toContainText(MASKED);
    await expect(ask.said).not.toContainText(account.email);
    await expectGoodInEveryDress(page, (tag) => chooseLanguage(page, tag));
    return taken;
  });

  const mail = await accounts.message(account.email, /choisir un nouveau mot de passe/);
  expect(mail.text).toContain(reference);

  await test.step('the policy, the identifier, the password', async () => {
    await reset.open(linkIn(mail, '/password/new'));
    await expect(page.getByText('Politique de sécurité')).toBeVisible();
    await expect(page.getByLabel('Votre identifiant *')).toHaveValue('');
    await expectGoodInEveryDress(page, (tag) => chooseLanguage(page, tag));

    await reset.identifier.fill(other.identifier);
    await reset.set(renewed);
    await expect(reset.identifier).toHaveAttribute('aria-invalid', 'true');
    await expect(reset.identifier).toHaveValue(other.identifier);

    await reset.identifier.fill(account.identifier);
    await reset.set(renewed);
    await expect(reset.done).toBeVisible();
    await expectGoodScreen(page);
  });

  await test.step('the mail says whom to call', async () => {
    const confirmation = await accounts.message(account.email, /mot de passe a été changé/);
    expect(confirmation.text).toContain('Votre changement de mot de passe a bien été pris en compte.');
    expect(digits(confirmation.text)).toContain(digits(NORMANDIE.support.phone));
  });

  await test.step('who typed their identifier need not type it again to sign in', async () => {
    await reset.signIn.click();
    await signIn.untilMounted();
    await expect(signIn.identifier).toHaveValue(account.identifier);
    expect(page.url()).not.toContain(account.identifier);
  });
  await signIn.signIn({ ...account, password: renewed });
  await expect(page.getByText('Dernière connexion')).toBeVisible();
});

test.describe('with time', () => {
  test.use({ ownServer: true });

  test('sent again, it still shows where', async ({ page, server }) => {
    await page.clock.install();
    const ask = new AskScreen(page);
    await page.goto(server.url(NORMANDIE.host, '/password/lost'));
    await ask.ask('praticien', SUBMIT);
    const first = await ask.untilTaken();
    await expect(ask.said).toContainText('…@normand-esante.fr.');
    await server.advance(61);
    await page.clock.fastForward(61_000);
    await ask.resend.click();
    const resent = page.getByText('C’est renvoyé.');
    await expect(resent).toBeVisible();
    await expect(ask.reference).not.toHaveText(first);
    const [button, told] = await Promise.all([ask.resend.boundingBox(), resent.boundingBox()]);
    expect(told?.y, 'beside the button, or right under it').toBeLessThan((button?.y ?? 0) + (button?.height ?? 0) + 16);
    await expect(ask.said).toContainText('…@normand-esante.fr.');
  });
});

test('an identifier that nobody has gets a masked address too, the same each time', async ({ page, server }, info) => {
  const ask = new AskScreen(page);
  const said: string[] = [];
  for (let turn = 0; turn < 2; turn += 1) {
    await ask.open(server.url(NORMANDIE.host, '/password/lost'));
    await ask.ask(`personne.${info.testId}`, SUBMIT);
    await ask.untilTaken();
    said.push(await ask.said.innerText());
  }
  expect(said[0]).toMatch(MASKED);
  expect(said[1]).toBe(said[0]);
});
