/**
 * The proof of work in the page: how long it takes, and how long the page answers nothing meanwhile.
 *
 *   PORTIQUE_URL=http://localhost:8080 node bench/proof.mjs [runs=9]
 *
 * On a page whose form has «Je ne suis pas un robot» (PORTIQUE_PROOF_PAGE, /password/lost), on this machine's own
 * processor and on one 4 times slower. A page counts as frozen from one frame to the next, and for as long as the
 * browser says that a task took; it should never be for more than 50 ms, which nobody feels.
 */

import { pathToFileURL } from 'node:url';

import { chromium } from '@playwright/test';

const FROZEN_MS = 50;
const BOX = '.robot input';

/** Runs in the page: watches frames and long tasks until the box's work is done. */
function work(box) {
  const input = document.querySelector(box);
  const seen = { took: 0, gap: 0, task: 0, frames: 0 };
  const tasks = new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      seen.task = Math.max(seen.task, entry.duration);
    }
  });
  tasks.observe({ type: 'longtask' });
  return new Promise((done) => {
    const begun = performance.now();
    let last = begun;
    const frame = () => {
      const now = performance.now();
      seen.gap = Math.max(seen.gap, now - last);
      seen.frames += 1;
      last = now;
      const step = input.closest('.robot');
      if (input.checked && (step.classList.contains('working') || !step.querySelector('.robot-step svg'))) {
        requestAnimationFrame(frame);
      } else {
        seen.took = now - begun;
        // The last tasks are told a moment later.
        setTimeout(() => {
          tasks.disconnect();
          done(input.checked ? seen : null);
        }, 100);
      }
    };
    input.click();
    requestAnimationFrame(frame);
  });
}

/** Solves `runs` challenges on the page as it stands, at a processor `slowdown` times slower. */
export async function measure(page, runs, slowdown) {
  const devtools = await page.context().newCDPSession(page);
  await page.waitForSelector(BOX);
  await devtools.send('Emulation.setCPUThrottlingRate', { rate: slowdown });
  const seen = [];
  for (let run = 0; run < runs; run += 1) {
    const one = await page.evaluate(work, BOX);
    if (one === null) {
      throw new Error('the proof was not done');
    }
    seen.push(one);
    await page.click(BOX);
  }
  await devtools.send('Emulation.setCPUThrottlingRate', { rate: 1 });
  await devtools.detach();
  return seen;
}

function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}

export const HEADING = 'processor   median ms  longest ms  frozen ms  longest task ms  frames/s';

export function line(slowdown, seen) {
  const worst = (name) => Math.max(...seen.map((one) => one[name]));
  const pace = median(seen.map((one) => (one.frames * 1000) / one.took));
  const figures = [median(seen.map((one) => one.took)), worst('took'), worst('gap'), worst('task'), pace];
  const name = slowdown === 1 ? 'as it is' : `${slowdown} × slower`;
  return [name.padEnd(10), ...figures.map((figure, at) => figure.toFixed(0).padStart([10, 11, 10, 16, 9][at]))].join(' ');
}

async function main() {
  const address = new URL(process.env.PORTIQUE_PROOF_PAGE ?? '/password/lost', process.env.PORTIQUE_URL ?? 'http://localhost:8080');
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'],
  });
  try {
    const page = await browser.newPage();
    await page.goto(address.href);
    console.log(HEADING);
    for (const slowdown of [1, 4]) {
      const seen = await measure(page, Number(process.argv[2] ?? 9), slowdown);
      console.log(line(slowdown, seen));
      if (seen.some((one) => one.gap > FROZEN_MS || one.task > FROZEN_MS)) {
        console.log(`  frozen for more than ${FROZEN_MS} ms`);
      }
    }
  } finally {
    await browser.close();
  }
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  await main();
}
