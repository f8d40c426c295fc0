/** «Demande prise en compte»: what it shows is still there when the page is loaded anew, or come back to. */

import { AURA, NORMANDIE } from '../support/portals';
import { AskScreen, SignInScreen, untilMounted } from '../support/screens';
import { expect, test } from '../support/test';

const SUBMIT = /^Valider$/;

test.describe('with time', () => {
  test.use({ ownServer: true });

  test('loaded anew or come back to, it shows the same, and counts on', async ({ page, server }) => {
    await page.clock.install();
    const ask = new AskScreen(page);
    const signIn = new SignInScreen(page, server, NORMANDIE);
    const wait = page.locator('#resend-wait');
    const legalNotice = page.getByRole('link', { name: /^Mentions légales$/ });
    await page.goto(server.url(NORMANDIE.host, '/password/lost?return=/account'));
    await ask.ask('praticien', SUBMIT);
    const reference = await ask.untilTaken();
    await expect(ask.said).toContainText('…@normand-esante.fr.');
    const said = await ask.said.innerText();

    const expectTheSame = async (most: number) => {
      await expect(ask.heading).toHaveText('Demande prise en compte');
      await expect(ask.reference).toHaveText(reference);
      expect(await ask.said.innerText()).toBe(said);
      await expect(ask.resend).toHaveAttribute('aria-disabled', 'true');
      await expect(wait).toHaveText(/^Nouvel envoi possible dans \d+\ss\.$/);
      const left = Number(/\d+/.exec((await wait.textContent()) ?? '')?.[0]);
      expect(left).toBeLessThanOrEqual(most);
      expect(left).toBeGreaterThan(0);
    };

    await test.step('loaded anew', async () => {
      await page.clock.fastForward(20_000);
      await page.reload();
      await expectTheSame(40);
      await expect(page).toHaveTitle(/^Demande prise en compte – /);
    });

    await test.step('come back to, from the sign-in page and from another page of the portal', async () => {
      await ask.back.click();
      await signIn.untilMounted();
      expect(new URL(page.url()).search).toBe('?return=/account');
      await page.goBack();
      await expectTheSame(40);
      await legalNotice.click();
      await expect(ask.heading).toHaveText('Mentions légales');
      await page.goBack();
      await expectTheSame(40);
    });

    await test.step('sent again, it keeps the new reference', async () => {
      await server.advance(61);
      await page.clock.fastForward(61_000);
      await page.reload();
      await expect(ask.resend).not.toHaveAttribute('aria-disabled', 'true');
      await ask.resend.click();
      await expect(page.getByText('C’est renvoyé.')).toBeVisible();
      const renewed = (await ask.reference.textContent()) ?? '';
      expect(renewed).not.toBe(reference);
      await page.reload();
      await expect(ask.reference).toHaveText(renewed);
      await expect(ask.said).toContainText('…@normand-esante.fr.');
    });

    await test.step('whoever goes back to the form finds the form from then on', async () => {
      await page.getByRole('button', { name: 'Vérifiez votre saisie' }).click();
      await expect(ask.subject).toBeVisible();
      await page.reload();
      await untilMounted(page);
      await expect(ask.subject).toBeVisible();
      await expect(ask.reference).toBeHidden();
    });
  });
});

test('another request begins with an empty form', async ({ page, server }) => {
  const ask = new AskScreen(page);
  const signIn = new SignInScreen(page, server, AURA);
  await page.goto(server.url(AURA.host, '/password/lost'));
  await ask.ask('praticien', /^Récupérer mon mot de passe$/);
  await ask.untilTaken();
  await ask.back.click();
  await signIn.untilMounted();
  await page.getByRole('link', { name: /^Mot de passe oublié \?$/ }).click();
  await expect(ask.subject).toHaveValue('');
  await page.getByRole('link', { name: /^Je ne connais pas mon identifiant$/ }).click();
  await expect(ask.heading).toHaveText('Rappel du Login');
  await expect(ask.subject).toHaveValue('');
});
