/** «Téléphone de secours»: the person chooses e-mail or SMS, «Valider», types the code, «Valider». */

import { AURA, PACA, type Portal, SAMPLE_PASSWORD } from '../support/portals';
import { expectGoodInEveryDress, expectGoodScreen } from '../support/quality';
import { CodeScreen, Header, SignInScreen, chooseLanguage } from '../support/screens';
import type { Server } from '../support/server';
import { expect, test } from '../support/test';

import type { Page } from '@playwright/test';

/** The sample account with a phone, up to the choice. */
async function withChoice(
  page: Page,
  server: Server,
  portal: Portal = PACA,
  heading = 'Recevoir un code de connexion',
): Promise<CodeScreen> {
  const signIn = new SignInScreen(page, server, portal);
  await signIn.open();
  if (portal === AURA) {
    await page.getByRole('tab', { name: 'Code Éphémère' }).click();
  }
  await signIn.signIn({ identifier: 'mobile', password: SAMPLE_PASSWORD });
  const screen = new CodeScreen(page, server);
  await expect(screen.heading).toHaveText(heading);
  await expect(screen.choices).toHaveCount(2);
  return screen;
}

async function untilIn(page: Page): Promise<void> {
  await expect(new Header(page).menu).toBeVisible();
  await page.waitForLoadState('networkidle');
}

/** A browser that reads codes out of SMS: what it is asked for is kept, and a test says what comes. */
async function withWebOtp(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const asked: { options: unknown; aborted: boolean; give: (code: string) => void }[] = [];
    Object.assign(window, { OTPCredential: class {}, askedOtp: asked });
    Object.defineProperty(navigator, 'credentials', {
      value: {
        get: (options: { otp: unknown; signal: AbortSignal }) =>
          new Promise((resolve, reject) => {
            const one = { options: { otp: options.otp }, aborted: false, give: (code: string) => resolve({ code }) };
            options.signal.addEventListener('abort', () => {
              one.aborted = true;
              reject(new DOMException('no more', 'AbortError'));
            });
            asked.push(one);
          }),
      },
    });
  });
}

/** The day's SMS are spent: what asks for one is refused; mails leave. */
async function withSmsSpent(page: Page): Promise<void> {
  await page.route('**/api/session/second-step/sending', async (route) => {
    if (!route.request().postData()?.includes('rescue_phone')) {
      await route.continue();
      return;
    }
    const body = { type: 'about:blank', title: 'Too Many Requests', status: 429, code: 'sms_spent', request_id: 'x', retry_after: 7200 };
    await route.fulfill({ status: 429, contentType: 'application/problem+json', headers: { 'retry-after': '7200' }, json: body });
  });
}

interface AskedOtp {
  askedOtp: { options: unknown; aborted: boolean; give: (code: string) => void }[];
}

const asked = (page: Page): Promise<{ options: unknown; aborted: boolean }[]> =>
  page.evaluate(() => (window as unknown as AskedOtp).askedOtp.map(({ options, aborted }) => ({ options, aborted })));

test.describe('a person with a phone on record', () => {
  test.use({ ownServer: true });

  test('chooses the SMS, types its code and is in', async ({ page, server }) => {
    const screen = await withChoice(page, server);
    await expect(screen.choices.nth(0)).toHaveAccessibleName(/^Email\s: mxxxxxx@\w+xxx\.\w+ \(e.mail de secours\)$/);
    await expect(screen.choices.nth(1)).toHaveAccessibleName(/^SMS\s: 06 xx xx xx 78 \(téléphone de secours\)$/);
    await expectGoodInEveryDress(page, (tag) => chooseLanguage(page, tag));
    await screen.choices.nth(1).check();
    await screen.submit.click();
    await screen.untilShown();
    await expect(screen.code).toHaveAccessibleDescription(/^Votre code vous a été transmis\s: SMS/);
    await expect(screen.address).toHaveText(/^SMS\s: 06 xx xx xx 78 \(téléphone de secours\)$/);
    await expect(page.getByText('Vérifiez que votre téléphone capte le réseau.')).toBeVisible();
    await expectGoodInEveryDress(page, (tag) => chooseLanguage(page, tag));
    const code = await screen.sent();

    await test.step('the demo shows the SMS as a phone would', async () => {
      const mailbox = await page.context().newPage();
      await mailbox.goto(server.url('localhost', '/demo/mailbox'));
      await expect(mailbox.locator('pre').first()).toContainText(`@paca.localhost #${code}`);
      await expect(mailbox.locator('iframe')).toHaveCount(0);
      await expectGoodScreen(mailbox);
      await mailbox.close();
    });

    await screen.enter(code);
    await untilIn(page);
  });

  test('gets another SMS after thirty seconds, or takes the mail instead', async ({ page, server }) => {
    await page.clock.install();
    const screen = await withChoice(page, server, AURA);
    await screen.choices.nth(1).check();
    await screen.submit.click();
    const reference = await screen.untilShown();
    await server.advance(31);
    await page.clock.fastForward(31_000);
    await screen.resend.click();
    await expect(page.getByText('Un nouveau code est envoyé')).toBeVisible();
    await expect(screen.reference).not.toHaveText(reference);
    await screen.sent();
    await page.getByRole('button', { name: 'Utiliser un autre moyen' }).click();
    await server.advance(31);
    await screen.choices.nth(0).check();
    await screen.submit.click();
    await expect(screen.address).toHaveText(/^Email/);
    await screen.enter(await screen.sent());
    await untilIn(page);
  });

  test('is told when the day’s SMS are spent, and gets the code by mail', async ({ page, server }) => {
    await withSmsSpent(page);
    const screen = await withChoice(page, server);
    await screen.choices.nth(1).check();
    await screen.submit.click();
    await expect(page.locator('#sms-spent')).toContainText('Plus aucun SMS ne peut être envoyé');
    await expect(page.locator('#sms-spent')).toContainText('Recevez le code par e‑mail.');
    await expect(page.locator('#sms-spent')).toBeFocused();
    await expect(screen.choices.nth(0)).toBeChecked();
    await expectGoodInEveryDress(page, (tag) => chooseLanguage(page, tag));
    await screen.submit.click();
    await screen.enter(await screen.sent());
    await untilIn(page);
  });

  test('is told of no mail where none is offered', async ({ page, server }) => {
    await withSmsSpent(page);
    await page.route('**/api/session/second-step', async (route) => {
      if (route.request().method() !== 'GET') {
        await route.continue();
        return;
      }
      const json = {
        destinations: [{ kind: 'rescue_phone', masked: '06 xx xx xx 78' }],
        ...{ app: false, passkey: false, recovery_code: true, proof: false, sent: null, expires_in: 900 },
      };
      await route.fulfill({ json });
    });
    const screen = await withChoice(page, server, PACA, 'Vérification de votre identité');
    await screen.choices.nth(0).check();
    await screen.submit.click();
    await expect(page.locator('#sms-spent')).toContainText('Prenez un autre de vos moyens.');
    await expect(page.locator('#sms-spent')).not.toContainText('mail');
    await expect(screen.choices.nth(1)).toBeChecked();
    await expectGoodScreen(page);
  });

  test('finds the code in the field where the browser reads it out of the SMS', async ({ page, server }) => {
    await withWebOtp(page);
    await page.clock.install();
    const screen = await withChoice(page, server);
    expect(await asked(page), 'nothing is asked for before an SMS has left').toEqual([]);
    await screen.choices.nth(1).check();
    await screen.submit.click();
    await screen.untilShown();
    const waits = { options: { otp: { transport: ['sms'] } }, aborted: false };
    await expect.poll(() => asked(page)).toEqual([waits]);
    await server.advance(31);
    await page.clock.fastForward(31_000);
    await screen.resend.click();
    await expect(page.getByText('Un nouveau code est envoyé')).toBeVisible();
    await expect.poll(() => asked(page), 'the wait for the SMS before has ended').toEqual([{ ...waits, aborted: true }, waits]);
    const code = await screen.sent();
    await page.evaluate((given) => (window as unknown as AskedOtp).askedOtp[1]?.give(given), code);
    await expect(screen.code).toHaveValue(code);
    await expect(page.getByText('Le code a été lu dans le SMS.')).toBeVisible();
    await expectGoodScreen(page);
    await screen.submit.click();
    await untilIn(page);
  });

  test('is asked for no SMS by the browser where the code went by mail', async ({ page, server }) => {
    await withWebOtp(page);
    const screen = await withChoice(page, server);
    await screen.submit.click();
    await screen.untilShown();
    expect(await asked(page)).toEqual([]);
    await screen.enter(await screen.sent());
    await untilIn(page);
  });
});

test('without a phone on record the page says where to add one', async ({ page, server }) => {
  const signIn = new SignInScreen(page, server, PACA);
  await signIn.open();
  await signIn.signIn({ identifier: 'administrateur', password: SAMPLE_PASSWORD });
  await new CodeScreen(page, server).untilShown();
  await expect(page.locator('.no-sms')).toHaveText(/ajoutez un téléphone de secours dans «\sMon compte\s»/);
  await expectGoodInEveryDress(page, (tag) => chooseLanguage(page, tag));
});
