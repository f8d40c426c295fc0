/** «Confirmez votre identité», which stands before every change of what opens the account: the password, then a second proof. */

import { expect, type Page } from '@playwright/test';

import { SAMPLE_PASSWORD } from './portals';
import { CodeScreen, PROOF_TITLE } from './screens';
import type { Server } from './server';

export function unlockHeading(page: Page) {
  return page.getByRole('heading', { name: 'Confirmez votre identité' });
}

/** The first half: the password, up to the page of the second proof. */
export async function givePassword(page: Page, password = SAMPLE_PASSWORD): Promise<void> {
  await expect(unlockHeading(page)).toBeVisible();
  await page.locator('#password').fill(password);
  await page.getByRole('button', { name: 'Continuer' }).click();
  await expect(page).toHaveURL(/\/sign-in\/code/);
}

/** Both halves, the second one by the code that is sent; the page is back where it was asked for. */
export async function unlock(page: Page, server: Server, password = SAMPLE_PASSWORD): Promise<void> {
  const { pathname } = new URL(page.url());
  await givePassword(page, password);
  const screen = new CodeScreen(page, server, PROOF_TITLE);
  await screen.enter(await screen.sent());
  await expect(page).toHaveURL((url) => url.pathname === pathname);
  await expect(unlockHeading(page)).toHaveCount(0);
}
