/** «Mon compte» → the record → pencil → «E-mail de secours» → «Mettre à jour»: a new address, proved by its code. */

import { codeIn } from '../support/mails';
import { PACA, SAMPLE_PASSWORD } from '../support/portals';
import { expectGoodInEveryDress, expectGoodScreen } from '../support/quality';
import { CodeScreen, Header, SignInScreen, chooseLanguage } from '../support/screens';
import type { Message, Server } from '../support/server';
import { expect, test } from '../support/test';
import { unlock } from '../support/unlock';

import type { Page } from '@playwright/test';

const PERSON = { identifier: 'praticien', password: SAMPLE_PASSWORD };
const MAIN = 'praticien@demo.example';
const OLD = 'praticien@secours.example';
const NEW = 'camille@maison.example';

test.use({ ownServer: true });

/** «Modifier ma fiche», reached as the guide says, the person having proved who they are. */
async function unlocked(page: Page, server: Server): Promise<void> {
  const signIn = new SignInScreen(page, server, PACA);
  await signIn.open();
  await signIn.signIn(PERSON);
  await new Header(page).openAccount();
  const pencil = page.getByRole('link', { name: /^Modifier l’e.mail et le téléphone de secours$/ });
  await expectGoodScreen(page);
  const box = await pencil.boundingBox();
  expect(Math.min(box?.width ?? 0, box?.height ?? 0), 'the pencil is a large target').toBeGreaterThanOrEqual(24);
  await pencil.click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Modifier ma fiche');
  await expectGoodScreen(page);
  await unlock(page, server);
  await expect(page.locator('#rescue_email')).toBeVisible();
}

async function update(page: Page, email: string): Promise<void> {
  await page.getByLabel(/^E.mail de secours$/).fill(email);
  await page.getByRole('button', { name: 'Mettre à jour' }).click();
}

/** The screen that asks for the code, and the code itself. */
async function proof(page: Page, server: Server, to = NEW): Promise<{ screen: CodeScreen; code: string }> {
  const screen = new CodeScreen(page, server);
  await expect(screen.heading).toHaveText(to === NEW ? /^Confirmez votre e.mail de secours$/ : 'Confirmez votre téléphone de secours');
  await expect(screen.reference).toHaveText(/^[A-Z0-9]{4}-[A-Z0-9]{4}$/);
  const reference = (await screen.reference.textContent()) ?? '';
  let message: Message | undefined;
  await expect
    .poll(async () => (message = await server.messageWith(reference)) !== undefined, `a message with ${reference}`)
    .toBe(true);
  expect(message?.to.replace(/\s/g, '')).toContain(to);
  return { screen, code: codeIn(message as Message) };
}

async function told(server: Server, address: string): Promise<string[]> {
  const messages = await server.messagesTo(address);
  return messages.filter(({ subject }) => subject.includes('protection de votre compte')).map(({ text }) => text);
}

test('a new rescue e-mail counts once its code is typed, and the older one is told', async ({ page, server }) => {
  await unlocked(page, server);
  const email = page.locator('#rescue_email');
  await expect(email).toHaveValue(OLD);
  await expect(email).toHaveAttribute('type', 'email');
  await expect(email).toHaveAttribute('autocomplete', 'email');
  await expect(page.getByText('tenues par l’agence')).toContainText('04 98 080 080');
  await expectGoodInEveryDress(page, (tag) => chooseLanguage(page, tag));

  await test.step('mistakes are told beside the field, and nothing typed is lost', async () => {
    for (const [typed, fault] of [
      ['camille', 'Écrivez une adresse complète'],
      [MAIN, 'C’est déjà votre adresse principale'],
    ] as const) {
      await update(page, typed);
      await expect(page.locator('#rescue_email-fault')).toContainText(fault);
      await expect(email).toHaveValue(typed);
      await expect(email).toBeFocused();
    }
    await expectGoodScreen(page);
  });

  await update(page, NEW);
  const { screen, code } = await proof(page, server);
  await expect(screen.address).toHaveText(NEW);
  await expect(screen.code).toBeFocused();
  await expect(screen.code).toHaveAttribute('autocomplete', 'one-time-code');
  await expectGoodInEveryDress(page, (tag) => chooseLanguage(page, tag));

  await test.step('the page is there again after a look at the message', async () => {
    await page.reload();
    expect((await proof(page, server)).code).toBe(code);
  });

  await test.step('a wrong code costs nothing that was typed', async () => {
    await screen.submit.click();
    await expect(screen.fault).toHaveText('Saisissez le code que vous avez reçu.');
    await screen.enter(code === '000000' ? '000001' : '000000');
    await expect(screen.fault).toContainText('Ce n’est pas le code envoyé');
    await expectGoodScreen(page);
  });

  await screen.enter(`${code.slice(0, 3)} ${code.slice(3)}`);
  await expect(page.getByText('Votre fiche est à jour.')).toBeVisible();
  await expect(email).toHaveValue(NEW);
  await page.getByRole('link', { name: /Mon compte/ }).last().click();
  await expect(page.locator('.record')).toContainText(NEW);
  for (const address of [MAIN, OLD]) {
    await expect.poll(async () => (await told(server, address)).length, `told at ${address}`).toBe(1);
    const [text] = await told(server, address);
    expect(text).toContain('L’e-mail de secours de votre compte est maintenant cxxxxxx@mxxx.example.');
    expect(text).not.toContain(NEW);
  }
  expect(await told(server, NEW)).toEqual([]);
});

test('a telephone is proved by SMS, after the e-mail that was changed with it', async ({ page, server }) => {
  await unlocked(page, server);
  const phone = page.getByLabel('Téléphone de secours');
  await expect(phone).toHaveAttribute('type', 'tel');
  await expect(phone).toHaveAttribute('autocomplete', 'tel');

  await test.step('what is no number, and what is no mobile, is told beside the field', async () => {
    for (const [typed, fault] of [
      ['06 12', 'Écrivez un numéro comme 06 12 34 56 78'],
      ['04 98 08 00 80', 'Ce portail n’envoie pas de SMS à ce numéro'],
    ] as const) {
      await phone.fill(typed);
      await page.getByRole('button', { name: 'Mettre à jour' }).click();
      await expect(page.locator('#rescue_phone-fault')).toContainText(fault);
      await expect(phone).toHaveValue(typed);
    }
    await expectGoodScreen(page);
  });

  await phone.fill('06.12.34.56.79');
  await update(page, NEW);
  await expect(page.getByText('Le téléphone viendra ensuite')).toBeVisible();
  const mail = await proof(page, server);
  await mail.screen.enter(mail.code);
  const { screen, code } = await proof(page, server, '+33612345679');
  await expect(screen.address).toHaveText(/^\+33\s6\s12\s34\s56\s79$/);
  await expectGoodScreen(page);
  await screen.enter(code);
  await expect(page.getByText('Votre fiche est à jour.')).toBeVisible();
  await expect(phone).toHaveValue(/^\+33\s6\s12\s34\s56\s79$/);
  await expect.poll(async () => (await told(server, MAIN)).length).toBe(2);
});

test('given up, the record stays as it was; emptied, the address is removed', async ({ page, server }) => {
  await unlocked(page, server);
  await update(page, NEW);
  await proof(page, server);
  await page.getByRole('button', { name: 'Annuler' }).click();
  await expect(page.getByText('La modification est abandonnée')).toBeVisible();
  await expect(page.getByRole('heading', { level: 1 })).toBeFocused();
  await expect(page.locator('#rescue_email')).toHaveValue(OLD);
  await expectGoodScreen(page);
  await page.getByRole('button', { name: 'Mettre à jour' }).click();
  await expect(page.getByText('Vous n’avez rien modifié.')).toBeVisible();

  await test.step('what is the last second factor is told beside its own field', async () => {
    await page.route('**/api/account/contacts', async (route) => {
      if (route.request().method() === 'GET') {
        await route.continue();
        return;
      }
      const body = { type: 'about:blank', title: 'Conflict', status: 409, code: 'factor_needed', request_id: 'x' };
      await route.fulfill({ status: 409, contentType: 'application/problem+json', json: body });
    });
    await update(page, '');
    await expect(page.locator('#rescue_email-fault')).toContainText('il ne vous en resterait aucun');
    await expect(page.locator('#rescue_email')).toBeFocused();
    await expect(page.locator('.outcome')).toBeEmpty();
    await expectGoodScreen(page);
    await page.unroute('**/api/account/contacts');
  });

  await update(page, '');
  await expect(page.getByText('Votre fiche est à jour.')).toBeVisible();
  await expect(page.locator('#rescue_email')).toHaveValue('');
  await expect.poll(async () => (await told(server, OLD)).length).toBe(1);
  expect((await told(server, OLD))[0]).toContain('L’e-mail de secours de votre compte a été retiré.');
});

test('another code comes after thirty seconds, and a proof that is over is asked for anew', async ({ page, server }) => {
  await page.clock.install();
  await unlocked(page, server);

  await test.step('the proof is over: the password again', async () => {
    await server.advance(10 * 60);
    await update(page, NEW);
    await expect(page.getByText('Le temps des modifications est passé')).toBeVisible();
    await expectGoodScreen(page);
    await unlock(page, server);
  });

  await update(page, NEW);
  const { screen, code: first } = await proof(page, server);
  const reference = (await screen.reference.textContent()) ?? '';
  await expect(screen.resend).toHaveAttribute('aria-disabled', 'true');
  await server.advance(31);
  await page.clock.fastForward(31_000);
  await expect(screen.resend).not.toHaveAttribute('aria-disabled', 'true');
  await screen.resend.click();
  await expect(page.getByText('Un nouveau code est envoyé')).toBeVisible();
  await expect(screen.reference).not.toHaveText(reference);
  await expectGoodScreen(page);
  const { code: second } = await proof(page, server);
  if (first !== second) {
    await screen.enter(first);
    await expect(screen.fault).toContainText('Ce n’est pas le code envoyé');
  }
  await screen.enter(second);
  await expect(page.getByText('Votre fiche est à jour.')).toBeVisible();
});
