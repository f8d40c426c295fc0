/**
 * «Choisir l'image qui n'est pas comme les autres», as a person meets it. The odd icon is told to nobody, so these
 * journeys learn it as whoever can read the database does: the server has no back door for them.
 */

import { expect, type Locator, type Page } from '@playwright/test';
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { promisify } from 'node:util';

import type { Portal } from './portals';
import type { Server } from './server';

const run = promisify(execFile);

/** Reads one answer, and only reads: the server at work is neither changed nor made to wait, and its journal is seen. */
const READ = `
import contextlib, pathlib, sqlite3, sys
file, key = pathlib.Path(sys.argv[1]), bytes.fromhex(sys.argv[2])
with contextlib.closing(sqlite3.connect(file.as_uri() + "?mode=ro", uri=True, timeout=10)) as database:
    row = database.execute("SELECT answer FROM captchas WHERE key = ?", [key]).fetchone()
print("" if row is None else row[0])
`;

/** What is told beside a captcha whose answer was wrong, used or too old. */
export const REFUSED = { fr: /pas la bonne réponse/, en: /not the right answer/ };

/** What the server says of a picture. */
export interface PictureChallenge {
  id: string;
  /** PNG, in base64. */
  image: string;
  count: number;
  columns: number;
  expires_in: number;
}

/** The odd icon of a challenge, from 0; `undefined` once the challenge is used up. */
export async function oddCell(server: Server, portal: Portal, id: string): Promise<number | undefined> {
  const key = createHash('sha256').update(`${portal.name}\0${id}`).digest('hex');
  const { stdout } = await run('python3', ['-c', READ, server.database, key]);
  return stdout.trim() === '' ? undefined : Number(stdout);
}

/** Asks a portal for a picture. */
export async function pictureChallenge(server: Server, portal: Portal): Promise<PictureChallenge> {
  const answer = await server.ask(portal.host, '/api/captcha/picture', { method: 'POST', json: {} });
  expect(answer.status, answer.text).toBe(200);
  return JSON.parse(answer.text) as PictureChallenge;
}

/** The captcha of a form. To be made before its page is opened: it notes the challenges that the page receives. */
export class PictureCaptcha {
  readonly group: Locator;
  readonly image: Locator;
  readonly cells: Locator;
  readonly chosen: Locator;
  readonly another: Locator;
  /** What is told of a picture that came after another. */
  readonly said: Locator;
  /** What is wrong with the answer. */
  readonly fault: Locator;
  /** The same without a picture. */
  readonly robot: Locator;

  private readonly received: PictureChallenge[] = [];

  constructor(
    readonly page: Page,
    private readonly server: Server,
    private readonly portal: Portal,
  ) {
    this.group = page.getByRole('radiogroup', { name: /^(Code à recopier|Code to copy)\b/ });
    this.image = this.group.getByRole('img');
    this.cells = this.group.getByRole('radio');
    this.chosen = this.group.getByRole('radio', { checked: true });
    this.another = page.getByRole('button', { name: /^(Une autre image|Another picture)$/ });
    this.said = page.locator('.captcha-other > [role="status"]');
    this.fault = page.locator('.captcha > .fault');
    this.robot = page.getByRole('checkbox', { name: /^(Je ne suis pas un robot|I am not a robot)/ });
    page.on('response', (response) => {
      if (response.url().endsWith('/api/captcha/picture') && response.ok()) {
        // An answer that the page left behind has no body any more, and shows no picture either.
        void response.json().then(
          (challenge) => this.received.push(challenge as PictureChallenge),
          () => undefined,
        );
      }
    });
  }

  /** The challenge whose picture is on the screen; not `before`, when that one is to give way. */
  async shown(before?: PictureChallenge): Promise<PictureChallenge> {
    let found: PictureChallenge | undefined;
    await expect
      .poll(
        async () => {
          const source = await this.image.getAttribute('src');
          found = this.received.find(({ image }) => source === `data:image/png;base64,${image}`);
          return found !== undefined && found.id !== before?.id;
        },
        { message: before ? 'another picture takes the place of the first' : 'a picture is shown' },
      )
      .toBe(true);
    const challenge = found as PictureChallenge;
    if (before) {
      expect(challenge.image).not.toBe(before.image);
    }
    await expect(this.cells).toHaveCount(challenge.count);
    return challenge;
  }

  /** The odd icon of the picture on the screen, from 0. */
  async odd(): Promise<number> {
    const cell = await oddCell(this.server, this.portal, (await this.shown()).id);
    expect(cell, 'an answer is written down').toBeDefined();
    return cell ?? 0;
  }

  /** Any icon but the odd one. */
  async common(): Promise<number> {
    const { count } = await this.shown();
    return ((await this.odd()) + 1) % count;
  }

  /** Clicks or touches the middle of an icon. */
  async choose(cell: number): Promise<void> {
    const target = this.cells.nth(cell);
    const touch = await this.page.evaluate(() => navigator.maxTouchPoints > 0);
    await (touch ? target.tap() : target.click());
    await expect(target).toBeChecked();
  }

  /** Waits until the answer is refused beside the captcha and another picture stands there, in which nothing is chosen. */
  async untilRefused(before: PictureChallenge): Promise<void> {
    await expect(this.fault).toHaveText(REFUSED.fr);
    await expect(this.fault).toBeInViewport();
    await expect(this.group).toHaveAttribute('aria-invalid', 'true');
    await expect(this.group).toHaveAccessibleDescription(REFUSED.fr);
    await expect(this.group).toBeFocused();
    await this.shown(before);
    await expect(this.chosen).toHaveCount(0);
  }
}
