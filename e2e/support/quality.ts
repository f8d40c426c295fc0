/** What holds on every screen: no violation found by axe, nothing wider than the window, a title of its own. */

import AxeBuilder from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

export async function expectGoodScreen(page: Page): Promise<void> {
  await expectNoViolation(page);
  await expectNoSideways(page);
  await expectTitle(page);
}

/**
 * The title has the words of the screen's one heading and the portal's name (RGAA 8.5, 8.6): screens that are told apart by
 * their headings are told apart in the browser's tabs. The home page's heading greets the person, whom its title does not name.
 */
export async function expectTitle(page: Page): Promise<void> {
  const told = () =>
    page.evaluate(() => {
      const block = document.querySelector('#portal')?.textContent;
      const names = block ? (JSON.parse(block) as { title: Record<string, string> }).title : undefined;
      const headings = [...document.querySelectorAll('main h1')].map((heading) => heading.textContent ?? '');
      const greets = document.querySelector('main .greeting') !== null;
      const wanted = greets ? document.title.split(' – ')[0] : headings.join(' / ');
      const plain = (text: string) => text.replace(/\s+/g, ' ').trim();
      return {
        title: plain(document.title),
        // What the demo adds for itself belongs to no portal.
        wanted: plain(names ? `${wanted} – ${names[document.documentElement.lang] ?? names.fr}` : document.title),
      };
    });
  await expect
    .poll(async () => {
      const { title, wanted } = await told();
      return title !== '' && title === wanted ? 'titled' : `«${title}» where «${wanted}» is shown`;
    }, `title of ${page.url()}`)
    .toBe('titled');
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
