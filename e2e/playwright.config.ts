import { defineConfig } from '@playwright/test';

const ci = process.env.CI === 'true';

/** Journeys that no screen size changes: headers, bytes, hosts, rules, the API. */
const SAME_ON_A_PHONE = /(captcha-preuve-de-travail|portails|premier-chargement|regles-du-mot-de-passe)\.spec\.ts/;

export default defineConfig({
  testDir: 'journeys',
  outputDir: 'test-results',
  forbidOnly: ci,
  // A journey that fails now and then is a defect, not bad luck.
  retries: 0,
  // Each worker has a server of its own, whose hashing takes a core.
  workers: 2,
  fullyParallel: true,
  timeout: 120_000,
  expect: { timeout: 20_000 },
  reporter: [['list']],
  use: {
    locale: 'fr-FR',
    timezoneId: 'Europe/Paris',
    screenshot: 'only-on-failure',
    trace: 'retain-on-failure',
    launchOptions: {
      executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
      // Without a sandbox, since a container's root has none; without what the browser does for itself.
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
  projects: [
    { name: 'desktop', use: { viewport: { width: 1280, height: 800 } } },
    {
      name: 'phone',
      testIgnore: SAME_ON_A_PHONE,
      // The narrowest that WCAG 1.4.10 asks for.
      use: { viewport: { width: 320, height: 640 }, hasTouch: true, isMobile: true, deviceScaleFactor: 2 },
    },
  ],
});
