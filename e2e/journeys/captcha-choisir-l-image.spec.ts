/** «Choisir l'image qui n'est pas comme les autres»: the picture, by hand, by keyboard, in time and out of it. */

import type { Page } from '@playwright/test';

import { PictureCaptcha, REFUSED, oddCell, pictureChallenge } from '../support/picture';
import { NORMANDIE } from '../support/portals';
import { expectGoodInEveryDress, expectNoSideways } from '../support/quality';
import { AskScreen, ChangePasswordScreen, SignInScreen, chooseLanguage, tabTo, untilMounted } from '../support/screens';
import type { Server } from '../support/server';
import { expect, test } from '../support/test';

const SUBMIT = /^Valider$/;
const PURPOSE = 'Une seule est unique : les autres sont là au moins deux fois. Cette vérification écarte les programmes automatiques.';

/** «Mot de passe oublié», with its picture there. */
async function lostPassword(page: Page, server: Server) {
  const captcha = new PictureCaptcha(page, server, NORMANDIE);
  const ask = new AskScreen(page);
  const submit = page.locator('form').getByRole('button', { name: SUBMIT });
  await page.goto(server.url(NORMANDIE.host, '/password/lost'));
  await untilMounted(page);
  await captcha.shown();
  return { captcha, ask, submit };
}

/** Sends an answer to a picture without a page. */
function answer(server: Server, id: string, cell: number) {
  const json = { subject: 'personne', captcha: { kind: 'picture', id, cell } };
  return server.ask(NORMANDIE.host, '/api/recovery/password', { method: 'POST', json });
}

async function expectUsedUp(server: Server, id: string, cell: number): Promise<void> {
  const refused = await answer(server, id, cell);
  expect(refused.status, refused.text).toBe(422);
  expect(JSON.parse(refused.text)).toMatchObject({ fields: [{ field: 'captcha', reason: 'captcha_refused' }] });
}

test('a provisional password is changed with the picture alone; a wrong choice is told and costs nothing else', async ({
  page,
  server,
  accounts,
}) => {
  const account = await accounts.invited(NORMANDIE);
  const [renewed] = NORMANDIE.passwords;
  const captcha = new PictureCaptcha(page, server, NORMANDIE);
  const signIn = new SignInScreen(page, server, NORMANDIE);
  const change = new ChangePasswordScreen(page, NORMANDIE);
  const typed = account.identifier.toUpperCase();
  const passwords = async () => {
    await change.current.fill(account.password);
    await change.renewed.fill(renewed);
    await change.confirmation.fill(renewed);
  };

  await signIn.open();
  await signIn.signIn(account);
  await change.untilShown();
  const first = await captcha.shown();
  const odd = await captcha.odd();

  await test.step('a wrong choice', async () => {
    await change.identifier.fill(typed);
    await passwords();
    await captcha.choose(await captcha.common());
    await change.submit.click();
    await captcha.untilRefused(first);
    await expect(change.identifier).toHaveValue(typed);
    await expectGoodInEveryDress(page, (tag) => chooseLanguage(page, tag));
    await chooseLanguage(page, 'en');
    await expect(captcha.fault).toHaveText(REFUSED.en);
    await chooseLanguage(page, 'fr');
    await expect(captcha.fault).toHaveText(REFUSED.fr);
  });

  await test.step('was the one try: the right one comes too late for that picture', async () => {
    expect(await oddCell(server, NORMANDIE, first.id)).toBeUndefined();
    await expectUsedUp(server, first.id, odd);
  });

  await test.step('the right choice in the new picture', async () => {
    await passwords();
    await captcha.choose(await captcha.odd());
    await expect(captcha.fault).toBeEmpty();
    await expect(captcha.robot).not.toBeChecked();
    await change.submit.click();
    await expect(page.getByText('Votre changement de mot de passe est effectué.')).toBeVisible();
  });
});

test('a lost password is asked for with the picture and the keyboard alone', async ({ page, server, accounts }) => {
  const account = await accounts.settled(NORMANDIE);
  const { captcha, ask } = await lostPassword(page, server);

  await tabTo(page, ask.subject);
  await page.keyboard.type(account.identifier);
  await tabTo(page, captcha.cells.first());
  const odd = await captcha.odd();
  // Arrows choose as they go; on the first icon they need not go anywhere.
  if (odd === 0) {
    await page.keyboard.press('Space');
  }
  for (let step = 0; step < odd; step += 1) {
    await page.keyboard.press('ArrowRight');
  }
  await expect(captcha.cells.nth(odd)).toBeFocused();
  await expect(captcha.cells.nth(odd)).toBeChecked();
  await expect(captcha.cells.nth(odd).locator('+ .captcha-mark')).toHaveCSS('outline-style', 'solid');
  await page.keyboard.press('Enter');

  await ask.untilTaken();
  await accounts.message(account.email, /choisir un nouveau mot de passe/);
});

test('each icon is a large target, its group has a name and a purpose, and the chosen one has a tick', async ({ page, server }) => {
  const { captcha } = await lostPassword(page, server);
  await expectGoodInEveryDress(page, (tag) => chooseLanguage(page, tag));

  await test.step('in words', async () => {
    await expect(captcha.group).toHaveAccessibleName(/^Code à recopier ?Choisir l’image qui n’est pas comme les autres$/);
    await expect(captcha.group).toHaveAccessibleDescription(PURPOSE);
    await expect(page.getByText(PURPOSE)).toBeVisible();
    await expect(captcha.image).toHaveAccessibleName('Plusieurs icônes, dont une n’est pas comme les autres');
    await expect(captcha.cells.first()).toHaveAccessibleName(/^Image 1$/);
  });

  await test.step('by more than a colour', async () => {
    const ticks = captcha.group.locator('.captcha-mark .icon').filter({ visible: true });
    await expect(ticks).toHaveCount(0);
    await captcha.choose(2);
    await expect(ticks).toHaveCount(1);
    await expect(captcha.cells.nth(2).locator('+ .captcha-mark .icon')).toBeVisible();
    await expectGoodInEveryDress(page, (tag) => chooseLanguage(page, tag));
    await expect(captcha.cells.nth(2), 'a language changes nothing that was chosen').toBeChecked();
  });

  await test.step('at 320 px, which is 1280 px zoomed four times', async () => {
    await page.setViewportSize({ width: 320, height: 640 });
    await expectNoSideways(page);
    for (const cell of await captcha.cells.all()) {
      const box = await cell.boundingBox();
      expect(box?.width).toBeGreaterThanOrEqual(44);
      expect(box?.height).toBeGreaterThanOrEqual(44);
    }
  });

  await test.step('with letters twice as large', async () => {
    await page.setViewportSize({ width: 640, height: 640 });
    await page.evaluate(() => (document.documentElement.style.fontSize = '200%'));
    await expectNoSideways(page);
    await captcha.choose(3);
  });
});

test('«Une autre image» gives another one, says so, and keeps what was typed', async ({ page, server }, info) => {
  const { captcha, ask, submit } = await lostPassword(page, server);
  const subject = `personne.${info.testId}.${info.project.name}`;
  await ask.subject.fill(subject);
  const first = await captcha.shown();
  await captcha.choose(1);
  await captcha.another.click();
  const second = await captcha.shown(first);
  await expect(captcha.said).toHaveText('Une autre image est affichée.');
  await expect(captcha.chosen).toHaveCount(0);
  await expect(captcha.another).toBeFocused();

  await test.step('and without a choice nothing is sent', async () => {
    await submit.click();
    await expect(captcha.fault).toHaveText('Choisissez une image, ou cochez « Je ne suis pas un robot ».');
    expect((await captcha.shown()).id).toBe(second.id);
    await expect(ask.subject).toHaveValue(subject);
  });

  await captcha.choose(await captcha.odd());
  await submit.click();
  await ask.untilTaken();
});

test('«Je ne suis pas un robot» alone is enough, and choosing one way lets go of the other', async ({ page, server }, info) => {
  const { captcha, ask, submit } = await lostPassword(page, server);
  const verified = page.getByText(/^Vérifié$/);
  await ask.subject.fill(`personne.${info.testId}.${info.project.name}`);

  await captcha.choose(0);
  await captcha.robot.check();
  await expect(captcha.chosen).toHaveCount(0);
  await expect(verified).toBeVisible();

  await captcha.choose(0);
  await expect(captcha.robot).not.toBeChecked();
  await expect(verified).toBeHidden();

  await captcha.robot.check();
  await expect(verified).toBeVisible();
  const sent = page.waitForRequest((request) => request.url().endsWith('/api/recovery/password'));
  await submit.click();
  expect((await sent).postDataJSON()).toMatchObject({ captcha: { kind: 'proof' } });
  await ask.untilTaken();
});

test('the answer leaves the server in no form', async ({ server }) => {
  for (let turn = 0; turn < 8; turn += 1) {
    const challenge = await pictureChallenge(server, NORMANDIE);
    expect(Object.keys(challenge).sort()).toEqual(['columns', 'count', 'expires_in', 'id', 'image']);
    expect(challenge.id).toMatch(/^[0-9a-f]{32}$/);
    expect(challenge).toMatchObject({ columns: 4, expires_in: 120 });
    expect(challenge.count).toBeGreaterThanOrEqual(5);
    expect(challenge.count).toBeLessThanOrEqual(8);
    expect(await oddCell(server, NORMANDIE, challenge.id)).toBeLessThan(challenge.count);

    const png = Buffer.from(challenge.image, 'base64');
    expect(png.subarray(0, 8)).toEqual(Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'));
    const chunks: string[] = [];
    let at = 8;
    for (; at < png.length; at += png.readUInt32BE(at) + 12) {
      chunks.push(png.toString('latin1', at + 4, at + 8));
    }
    // Nothing but what pixels need: no text, no metadata, and nothing behind the end.
    expect(chunks).toEqual(['IHDR', 'PLTE', 'IDAT', 'IEND']);
    expect(at).toBe(png.length);
  }
});

test.describe('two minutes', () => {
  test.use({ ownServer: true });

  test('a picture whose time has passed gives way to another, and says so to who had chosen', async ({ page, server }) => {
    await page.clock.install();
    const { captcha, ask, submit } = await lostPassword(page, server);
    const turn = async () => {
      await server.advance(121);
      await page.clock.fastForward(121_000);
    };
    await ask.subject.fill('personne');
    const first = await captcha.shown();
    const odd = await captcha.odd();
    await captcha.choose(odd);
    await turn();
    const second = await captcha.shown(first);
    await expect(captcha.said).toHaveText('L’image datait de plus de deux minutes : en voici une autre.');
    await expect(captcha.chosen).toHaveCount(0);
    await expect(captcha.fault).toBeEmpty();
    await expectUsedUp(server, first.id, odd);

    await test.step('silently to who had not', async () => {
      await turn();
      await captcha.shown(second);
      await expect(captcha.said).toBeEmpty();
    });

    await expect(ask.subject).toHaveValue('personne');
    await captcha.choose(await captcha.odd());
    await submit.click();
    await ask.untilTaken();
  });

  test('a renewal that fails disturbs nobody who types', async ({ page, server }) => {
    await page.clock.install();
    const { captcha, ask } = await lostPassword(page, server);
    const first = await captcha.shown();
    let tried = 0;
    await page.route('**/api/captcha/picture', (route) => {
      tried += 1;
      const problem = { type: 'about:blank', title: 'Too Many Requests', status: 429, code: 'too_many_requests', request_id: '0' };
      return route.fulfill({ status: 429, contentType: 'application/problem+json', json: problem });
    });
    await ask.subject.focus();
    for (let looked = 0; looked < 4; looked += 1) {
      await page.clock.fastForward(looked === 0 ? 121_000 : 5_000);
    }
    await expect.poll(() => tried, 'it tried, and did not insist').toBe(1);
    await expect(ask.subject).toBeFocused();
    await expect(page.getByRole('alert')).toHaveCount(0);
    await page.unroute('**/api/captcha/picture');
    await page.clock.fastForward(20_000);
    await captcha.shown(first);
    await expect(ask.subject).toBeFocused();
  });

  test('a server that finds the picture too old says what to do, and nothing is lost', async ({ page, server }) => {
    const { captcha, ask, submit } = await lostPassword(page, server);
    await ask.subject.fill('personne');
    const first = await captcha.shown();
    await captcha.choose(await captcha.odd());
    // The server's clock alone: the page slept, or its clock goes slow.
    await server.advance(121);
    await submit.click();
    await captcha.untilRefused(first);
    await expect(ask.subject).toHaveValue('personne');
    await captcha.choose(await captcha.odd());
    await submit.click();
    await ask.untilTaken();
  });
});
