/** «Pas de compte ?»: names, profession, address, consent; a link proves the address; the agency decides. */

import { linkIn } from '../support/mails';
import { AURA } from '../support/portals';
import { expectGoodInEveryDress, expectGoodScreen } from '../support/quality';
import { AskScreen, SignInScreen, answerCaptcha, chooseLanguage, untilMounted } from '../support/screens';
import { expect, test } from '../support/test';

const SUBMIT = /^Demander un compte$/;
const CONFIRM = /^Confirmer mon adresse$/;

test('a person without an account asks for one and proves their address', async ({ page, server, accounts }, info) => {
  const email = `demande.${info.project.name}.${info.testId}@exemple.fr`;
  const ask = new AskScreen(page);
  const input = (label: RegExp) => page.getByLabel(label).and(page.locator('input'));
  const submit = page.locator('form').getByRole('button', { name: SUBMIT });

  await new SignInScreen(page, server, AURA).open();
  await page.getByRole('link', { name: /^Pas de compte \?$/ }).click();
  await expect(ask.heading).toHaveText('Demande de compte');
  await expectGoodInEveryDress(page, (tag) => chooseLanguage(page, tag));

  await test.step('each field says what is wrong with it, and keeps what was typed', async () => {
    await input(/^Prénom/).fill('Camille');
    await input(/^Numéro RPPS/).fill('12345678901');
    await input(/^E-mail/).fill('camille');
    await submit.click();
    await expect(input(/^Nom/)).toBeFocused();
    for (const label of [/^Nom/, /^Profession/, /^Numéro RPPS/, /^E-mail/, /^J’accepte/]) {
      await expect(input(label)).toHaveAttribute('aria-invalid', 'true');
    }
    await expect(input(/^Prénom/)).toHaveValue('Camille');
    await expect(input(/^E-mail/)).toHaveValue('camille');
    await expectGoodScreen(page);
  });

  const reference = await test.step('the request is taken down', async () => {
    await input(/^Nom/).fill('Bruyère');
    await input(/^Profession/).fill('Sage-femme');
    await input(/^Numéro RPPS/).fill('');
    await input(/^E-mail/).fill(email);
    await input(/^J’accepte/).check();
    await answerCaptcha(page);
    await submit.click();
    const taken = await ask.untilTaken();
    await page.reload();
    await expect(ask.reference).toHaveText(taken);
    await expect(ask.said).toContainText('Suivez son lien pour confirmer votre adresse');
    await expectGoodInEveryDress(page, (tag) => chooseLanguage(page, tag));
    return taken;
  });

  const mail = await accounts.message(email, /./);
  expect(mail.text).toContain(reference);
  const link = server.url(AURA.host, linkIn(mail, '/account-request/confirm'));

  await test.step('opening the link proves nothing yet; its button does, once', async () => {
    for (const turn of ['opened', 'opened again']) {
      await page.goto('about:blank');
      await page.goto(link);
      await untilMounted(page);
      await expect(ask.heading, turn).toHaveText('Confirmer votre adresse');
      expect(new URL(page.url()).hash).toBe('');
      // Anybody can give somebody else's address: its owner sees whose request it is.
      for (const said of ['Camille', 'Bruyère', 'Sage-femme']) {
        await expect(page.getByRole('definition').getByText(said, { exact: true })).toBeVisible();
      }
    }
    await expectGoodInEveryDress(page, (tag) => chooseLanguage(page, tag));
    await page.getByRole('button', { name: CONFIRM }).click();
    await expect(ask.heading).toHaveText('Adresse confirmée');
    await expect(ask.heading).toBeFocused();
    await expect(ask.reference).toHaveText(reference);
    await expectGoodScreen(page);

    await page.reload();
    await expect(page.getByText('Votre adresse est déjà confirmée')).toBeVisible();
    await expect(ask.heading).toHaveText('Adresse confirmée');
    await expectGoodInEveryDress(page, (tag) => chooseLanguage(page, tag));
  });

  await test.step('once the agency has decided, the link says where the answer is', async () => {
    const identifier = `accepte.${info.project.name}.${info.testId}`;
    await server.command('request', 'accept', '--portal', AURA.name, reference, '--identifier', identifier);
    // Turned by nothing, the clock still wakes the queue.
    await server.advance(0);
    const answer = await accounts.message(email, /votre demande de compte est acceptée/);
    expect(answer.text).toContain('Votre demande de compte a été acceptée');
    expect(answer.text).toContain(identifier);
    expect(answer.text).toContain(reference);

    await page.goto('about:blank');
    await page.goto(link);
    await expect(ask.heading).toHaveText('Adresse confirmée');
    await expect(page.getByText('Si elle a déjà décidé, sa réponse est dans votre messagerie')).toBeVisible();
  });
});

test('a portal that offers no account has no such page', async ({ page, server }) => {
  await page.goto(server.url('paca.localhost', '/account-request'));
  await untilMounted(page);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Page introuvable');
});
