/**
 * The first visit of the sign-in page, as a phone on a slow network makes it.
 *
 *   PORTIQUE_URL=http://localhost:8080 node first-load.mjs [runs=5]
 *
 * Each run is a browser with an empty profile; the page is measured until its form answers. Medians are printed,
 * with what matters most: how much earlier something can be read than used.
 */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { chromium } from '@playwright/test';

const CPU_SLOWDOWN = 4;
const NETWORK = { offline: false, latency: 150, downloadThroughput: 1.6e6 / 8, uploadThroughput: 0.75e6 / 8 };
/** The button of the server's shell waits; the client's works. */
const READY = 'main button[type="submit"]:enabled';

const home = new URL(process.env.PORTIQUE_URL ?? 'http://localhost:8080');
const runs = Number(process.argv[2] ?? 5);
const portals = ['', 'paca.', 'normandie.', 'aura.'];

/** Runs in the page before its own code: notes when things happened. */
function observe(ready) {
  const seen = { lcp: 0, cls: 0, ready: 0 };
  Object.assign(globalThis, { firstLoad: seen });
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      seen.lcp = entry.startTime;
    }
  }).observe({ type: 'largest-contentful-paint', buffered: true });
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      seen.cls += entry.hadRecentInput ? 0 : entry.value;
    }
  }).observe({ type: 'layout-shift', buffered: true });
  const look = () => {
    if (document.querySelector(ready)) {
      seen.ready = performance.now();
    } else {
      requestAnimationFrame(look);
    }
  };
  look();
}

async function visit(address) {
  const profile = mkdtempSync(join(tmpdir(), 'portique-first-load-'));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    viewport: { width: 412, height: 823 },
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
  try {
    const page = await context.newPage();
    const devtools = await context.newCDPSession(page);
    await devtools.send('Network.enable');
    await devtools.send('Emulation.setCPUThrottlingRate', { rate: CPU_SLOWDOWN });
    await devtools.send('Network.emulateNetworkConditions', NETWORK);
    const bytes = new Map();
    const failures = [];
    devtools.on('Network.loadingFinished', (event) => bytes.set(event.requestId, event.encodedDataLength));
    devtools.on('Network.loadingFailed', (event) => failures.push(event.errorText));
    page.on('pageerror', (error) => failures.push(error.message));

    await page.addInitScript(observe, READY);
    await page.goto(address, { waitUntil: 'load', timeout: 60_000 });
    await page.waitForSelector(READY, { timeout: 60_000 });
    await page.waitForLoadState('networkidle');
    const seen = await page.evaluate(() => ({
      ...globalThis.firstLoad,
      fcp: performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? NaN,
    }));
    if (failures.length > 0) {
      throw new Error(failures.join('\n'));
    }
    return { ...seen, requests: bytes.size, bytes: [...bytes.values()].reduce((sum, size) => sum + size, 0) };
  } finally {
    await context.close();
    rmSync(profile, { recursive: true, force: true });
  }
}

function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}

console.log('portal      KiB  requests   FCP ms   LCP ms  form ms  FCP/form     CLS');
for (const portal of portals) {
  const address = `${home.protocol}//${portal}${home.host}/`;
  const visits = [];
  for (let run = 0; run < runs; run += 1) {
    visits.push(await visit(address));
  }
  const of = (name) => median(visits.map((each) => each[name]));
  console.log(
    [
      (portal || 'neutral').replace('.', '').padEnd(9),
      (of('bytes') / 1024).toFixed(1).padStart(6),
      String(of('requests')).padStart(9),
      of('fcp').toFixed(0).padStart(8),
      of('lcp').toFixed(0).padStart(8),
      of('ready').toFixed(0).padStart(8),
      median(visits.map((each) => each.fcp / each.ready)).toFixed(2).padStart(9),
      of('cls').toFixed(3).padStart(7),
    ].join(' '),
  );
}
