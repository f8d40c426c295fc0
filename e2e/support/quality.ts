/** What holds on every screen: no violation found by axe, nothing wider than the window, a title. */

import AxeBuilder from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

export async function expectGoodScreen(page: Page): Promise<void> {
  await expectNoViolation(page);
  await expectNoSideways(page);
  await expect(page).toHaveTitle(/\S/);
}

export async function expectNoViolation(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).withTags(TAGS).analyze();
  const told = violations.map(
    ({ id, help, nodes }) => `${id}: ${help}\n${nodes.map((node) => `    ${node.target.join(' ')} ${node.failureSummary ?? ''}`).join('\n')}`,
  );
  expect(told, `axe on ${page.url()}`).toEqual([]);
}

/** Nothing needs scrolling in two directions, down to the narrowest window (WCAG 1.4.10). */
export async function expectNoSideways(page: Page): Promise<void> {
  const { wanted, given } = await page.evaluate(() => ({
    wanted: document.documentElement.scrollWidth,
    given: document.documentElement.clientWidth,
  }));
  expect(wanted, `width of ${page.url()}`).toBeLessThanOrEqual(given);
}

/** Tries a screen in both languages and both colour schemes; leaves it in French and light. */
export async function expectGoodInEveryDress(page: Page, language: (tag: 'fr' | 'en') => Promise<void>): Promise<void> {
  for (const tag of ['en', 'fr'] as const) {
    await language(tag);
    for (const colorScheme of ['dark', 'light'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await expectGoodScreen(page);
    }
  }
}
