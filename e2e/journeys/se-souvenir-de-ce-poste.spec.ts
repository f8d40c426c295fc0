/** «Se souvenir de ce poste»: where the portal lets it, a browser stands in for the code for some hours. */

import type { Page } from '@playwright/test';

import { PACA, type Portal, SAMPLE_PASSWORD } from '../support/portals';
import { expectGoodInEveryDress } from '../support/quality';
import { chooseLanguage, CodeScreen, Header, SignInScreen } from '../support/screens';
import { Server } from '../support/server';
import { expect, test as base } from '../support/test';

/** A portal of the operator's own: everybody is asked for a code, and browsers are remembered. */
const OWN: Portal = { ...PACA, host: 'poste.localhost' };

function ownPortal(port: number): Record<string, string> {
  const lines = [
    'preset = "paca"',
    'name = "poste"',
    `hosts = ["${OWN.host}"]`,
    `public_url = "http://${OWN.host}:${port}"`,
    '[second_factor]',
    'always = true',
    'remember_hours = 8',
  ];
  return { 'poste.toml': lines.join('\n') };
}

const test = base.extend({
  server: async ({}, use) => {
    const server = await Server.start({}, ownPortal);
    await use(server);
    await server.stop();
  },
});

async function signIn(page: Page, server: Server, portal: Portal, identifier: string): Promise<void> {
  const screen = new SignInScreen(page, server, portal);
  await screen.open();
  await screen.signIn({ identifier, password: SAMPLE_PASSWORD });
}

/** Signs out, until the page that says so is there. */
async function signOut(page: Page): Promise<void> {
  await new Header(page).leave();
  await expect(page.getByText('Vous êtes bien déconnecté.')).toBeVisible();
}

function box(page: Page) {
  return page.getByRole('checkbox', { name: /^(Se souvenir de ce poste|Remember this computer)/ });
}

test('a browser that is remembered is asked for no code, until it is forgotten', async ({ page, server }) => {
  const code = new CodeScreen(page, server);
  const header = new Header(page);
  await signIn(page, server, OWN, 'praticien');
  const sent = await code.sent();
  await expect(box(page)).not.toBeChecked();
  await expect(box(page)).toHaveAccessibleName(/pendant 8\sheures$/);
  await expect(box(page)).toHaveAccessibleDescription(/Ne cochez pas cette case sur un poste partagé\.$/);
  await expectGoodInEveryDress(page, (tag) => chooseLanguage(page, tag));
  await box(page).check();
  await code.enter(sent);
  await signOut(page);

  await signIn(page, server, OWN, 'praticien');
  await header.openSecurity();
  const section = page.getByRole('region', { name: /^(Mes sessions|My sessions)$/ });
  const remembered = section.getByRole('listitem').filter({ hasText: /Mémorisé jusqu’au \d\d\/\d\d\/\d{4}, à \d\d:\d\d/ });
  await expect(remembered).toHaveCount(1);
  await expect(remembered).toContainText('Ce poste');
  await expectGoodInEveryDress(page, (tag) => chooseLanguage(page, tag));
  await remembered.getByRole('button', { name: /^Oublier\s: .+, Mémorisé jusqu’au / }).click();
  await expect(section.getByRole('status')).toHaveText(/^Ce poste est oublié\s:/);
  await expect(section.getByRole('heading', { name: 'Postes mémorisés' })).toHaveCount(0);
  await signOut(page);

  await signIn(page, server, OWN, 'praticien');
  await code.untilShown();
});

test('its hours over, the code is asked again', async ({ page, server }) => {
  const code = new CodeScreen(page, server);
  await signIn(page, server, OWN, 'praticien');
  const sent = await code.sent();
  await box(page).check();
  await code.enter(sent);
  await signOut(page);
  await server.advance(8 * 3600);
  await signIn(page, server, OWN, 'praticien');
  await code.untilShown();
});

test('who has particular rights, and people of the portals as they come, find no such box', async ({ page, server }) => {
  for (const portal of [OWN, PACA]) {
    await signIn(page, server, portal, 'administrateur');
    await new CodeScreen(page, server).untilShown();
    await expect(box(page)).toHaveCount(0);
  }
});
