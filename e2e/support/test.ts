/** Playwright's `test`, with a demo server, accounts, and a page that tolerates no complaint of the browser. */

import { test as base, expect, type Page } from '@playwright/test';

import { Accounts } from './accounts';
import { Server } from './server';

interface PerTest {
  /** `test.use({ ownServer: true })`: a server for this test alone, whose clock and counters it may turn. */
  ownServer: boolean;
  server: Server;
  accounts: Accounts;
}

interface PerWorker {
  sharedServer: Server;
}

export const test = base.extend<PerTest, PerWorker>({
  sharedServer: [
    async ({}, use) => {
      const server = await Server.start();
      await use(server);
      await server.stop();
    },
    { scope: 'worker' },
  ],

  ownServer: [false, { option: true }],

  server: async ({ ownServer, sharedServer }, use, info) => {
    const server = ownServer ? await Server.start() : sharedServer;
    await use(server);
    if (info.status !== info.expectedStatus) {
      await info.attach('server.log', { body: server.printed(), contentType: 'text/plain' });
    }
    if (ownServer) {
      await server.stop();
    }
  },

  accounts: async ({ server }, use, info) => {
    await use(new Accounts(server, `${info.project.name}.${info.parallelIndex}.${info.testId.slice(-8)}`));
  },

  page: async ({ page }, use) => {
    const complaints = listen(page);
    await use(page);
    expect(complaints, 'the browser complained').toEqual([]);
  },
});

export { expect };

/** Gathers what the browser complains of: errors, warnings of the content security policy, answers of 500. */
export function listen(page: Page): string[] {
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(`error: ${error.message}`));
  page.on('console', (message) => {
    // The browser itself logs each answer of 4xx, which the journeys that ask for one check on the screen; and that
    // this runner's own script cannot enter the frames without scripts in which the demo shows its mails.
    const expected = /^Failed to load resource: .* status of 4\d\d|\/demo\/messages\/.*frame is sandboxed/.test(message.text());
    if ((message.type() === 'error' && !expected) || /Content Security Policy|panicked/i.test(message.text())) {
      complaints.push(`${message.type()}: ${message.text()}`);
    }
  });
  page.on('response', (response) => {
    if (response.status() >= 500) {
      complaints.push(`${response.status()} ${response.url()}`);
    }
  });
  return complaints;
}
