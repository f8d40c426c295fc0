/** The screens as a person sees them: by role and by the words of the guides, in French or in English. */

import { expect, type Locator, type Page } from '@playwright/test';

import type { Account } from './accounts';
import { codeIn } from './mails';
import type { Portal } from './portals';
import type { Message, Server } from './server';

/** The input that a label names, not the button beside it that reveals what it holds. */
function field(page: Page, label: RegExp): Locator {
  return page.getByLabel(label).and(page.locator('input'));
}

/**
 * Waits until the client stands in the place of the server's static shell: only then the button of signing in
 * works, and other screens have anything in them.
 */
export async function untilMounted(page: Page): Promise<void> {
  await page.locator('main button[type="submit"]:enabled, main .sheet h1').first().waitFor({ timeout: 30_000 });
}

/** Changes the language of the screen, and waits until the page is in it. */
export async function chooseLanguage(page: Page, tag: 'fr' | 'en'): Promise<void> {
  if ((await page.locator('html').getAttribute('lang')) !== tag) {
    await page.getByRole('button', { name: tag === 'fr' ? /^français$/i : /^english$/i }).click();
  }
  await expect(page.locator('html')).toHaveAttribute('lang', tag);
}

/** Presses Tab until the focus is there. */
export async function tabTo(page: Page, target: Locator): Promise<void> {
  for (let presses = 0; presses < 30; presses += 1) {
    if (await target.evaluate((element) => element === document.activeElement)) {
      return;
    }
    await page.keyboard.press('Tab');
  }
  await expect(target).toBeFocused();
}

/** Answers the screen's captcha, if it has one, by the way that needs no eyes. */
export async function answerCaptcha(page: Page): Promise<void> {
  const box = page.getByRole('checkbox', { name: /^(Je ne suis pas un robot|I am not a robot)/ });
  if (await box.isVisible()) {
    await box.check();
    await expect(page.getByText(/^(Vérifié|Verified)$/)).toBeVisible();
  }
}

export class SignInScreen {
  readonly identifier: Locator;
  readonly password: Locator;
  readonly submit: Locator;

  constructor(
    readonly page: Page,
    private readonly server: Server,
    private readonly portal: Portal,
  ) {
    this.identifier = field(page, /^(votre )?(identifiant|username|identifier)/i);
    this.password = field(page, /^(votre )?(mot de passe|password)/i);
    this.submit = page.locator('form').getByRole('button', { name: portal.submit });
  }

  async open(path = '/'): Promise<void> {
    await this.page.goto(this.server.url(this.portal.host, path));
    await this.untilMounted();
  }

  async untilMounted(): Promise<void> {
    await untilMounted(this.page);
    await expect(this.identifier).toBeVisible();
  }

  async signIn({ identifier, password }: Pick<Account, 'identifier' | 'password'>): Promise<void> {
    await this.identifier.fill(identifier);
    await this.password.fill(password);
    await this.submit.click();
  }
}

export class ChangePasswordScreen {
  readonly heading: Locator;
  readonly identifier: Locator;
  readonly current: Locator;
  readonly renewed: Locator;
  readonly confirmation: Locator;
  readonly submit: Locator;
  /** The rules, each shown met or not. */
  readonly rules: Locator;

  constructor(
    readonly page: Page,
    private readonly portal: Portal,
  ) {
    this.heading = page.getByRole('heading', { level: 1, name: /mot de passe|password/i });
    this.identifier = field(page, /^(votre )?(identifiant|identifier|username)/i);
    this.current = field(page, /^(ancien mot de passe|mot de passe actuel|(votre )?mot de passe provisoire|(old|current) password)/i);
    this.renewed = field(page, /^(votre )?(nouveau mot de passe|new password)/i);
    this.confirmation = field(page, /^confirm/i);
    this.submit = page.locator('form').getByRole('button', { name: portal.changeSubmit });
    this.rules = page.locator('.rules li');
  }

  async untilShown(): Promise<void> {
    await expect(this.heading).toBeVisible();
    await expect(this.current).toBeVisible();
  }

  async change(account: Account, renewed: string, confirmation = renewed): Promise<void> {
    if (this.portal.asksIdentifier) {
      await this.identifier.fill(account.identifier);
    }
    await this.current.fill(account.password);
    await this.renewed.fill(renewed);
    await this.confirmation.fill(confirmation);
    await answerCaptcha(this.page);
    await this.submit.click();
  }

  /** The names of the rules, in the order in which the page lists them; the last two show only when broken. */
  async ruleNames(): Promise<string[]> {
    const names = await this.page.locator('#portal').evaluate((block) => {
      const policy = (JSON.parse(block.textContent ?? '{}') as { password_policy: Record<string, number> }).password_policy;
      const counted = [
        ['min_length', 'min_length'],
        ['min_letters', 'letters'],
        ['min_digits', 'digits'],
        ['min_upper_case', 'upper_case'],
        ['min_lower_case', 'lower_case'],
        ['min_special', 'special'],
      ] as const;
      return counted.filter(([key]) => (policy[key] ?? 0) > 0).map(([, name]) => name as string);
    });
    return [...names, 'max_bytes', 'no_control'];
  }

  /** The names of the rules shown as not met, sorted. */
  async unmet(): Promise<string[]> {
    const names = await this.ruleNames();
    const met = await this.rules.evaluateAll((items) => items.map((item) => item.classList.contains('met')));
    expect(met.length, 'a line for each rule').toBe(names.length);
    return names.filter((_, index) => met[index] === false).sort();
  }
}

/** A screen of one field that is answered by mail, and the confirmation that takes its place. */
export class AskScreen {
  readonly heading: Locator;
  readonly subject: Locator;
  readonly cancel: Locator;
  /** What the confirmation says, its reference, and its button that sends the same again. */
  readonly said: Locator;
  readonly reference: Locator;
  readonly resend: Locator;
  readonly back: Locator;

  constructor(readonly page: Page) {
    this.heading = page.getByRole('heading', { level: 1 });
    this.subject = field(page, /^(votre )?(identifiant|identifier|e-mail)/i);
    this.cancel = page.getByRole('link', { name: /^(Annuler|Cancel)$/ });
    this.said = page.locator('main .said');
    this.reference = page.locator('main .reference strong');
    this.resend = page.getByRole('button', { name: /^(Renvoyer|Send again)$/ });
    this.back = page.getByRole('link', { name: /^(Retour à la connexion|Back to sign-in)$/ });
  }

  /** Opens its form, also from its confirmation, which the same address once more would only load anew. */
  async open(address: string): Promise<void> {
    await this.page.goto('about:blank');
    await this.page.goto(address);
  }

  async ask(subject: string, submit: RegExp): Promise<void> {
    await this.subject.fill(subject);
    await answerCaptcha(this.page);
    await this.page.locator('form').getByRole('button', { name: submit }).click();
  }

  /** Waits for the confirmation: titled, told to screen readers, with a reference in two groups. */
  async untilTaken(): Promise<string> {
    await expect(this.reference).toHaveText(/^[A-Z0-9]{4}-[A-Z0-9]{4}$/);
    await expect(this.heading).toHaveText(/^(Demande prise en compte|Request received)$/);
    await expect(this.heading).toBeFocused();
    await expect(this.page).toHaveTitle(/^(Demande prise en compte|Request received) – /);
    return (await this.reference.textContent()) ?? '';
  }
}

/** The page that a mail's link opens. */
export class NewPasswordScreen {
  readonly heading: Locator;
  readonly identifier: Locator;
  readonly renewed: Locator;
  readonly confirmation: Locator;
  readonly submit: Locator;
  readonly done: Locator;
  readonly signIn: Locator;
  /** What a link that opens nothing offers. */
  readonly another: Locator;

  constructor(
    readonly page: Page,
    private readonly server: Server,
    private readonly portal: Portal,
  ) {
    this.heading = page.getByRole('heading', { level: 1 });
    this.identifier = field(page, /^(votre )?(identifiant|identifier)/i);
    this.renewed = field(page, /^(nouveau mot de passe|new password)/i);
    this.confirmation = field(page, /^confirm/i);
    this.submit = page.locator('form').getByRole('button', { name: portal.changeSubmit });
    this.done = page.getByText('Votre changement de mot de passe est effectué. Vous allez recevoir un e-mail de confirmation.');
    this.signIn = page.getByRole('link', { name: /^(Se connecter|Sign in)$/ });
    this.another = page.getByRole('link', { name: /^(Demander un nouveau lien|Ask for a new link)$/ });
  }

  /** Opens a mail's link; its token leaves the address at once. */
  async open(link: string): Promise<void> {
    await this.page.goto(this.server.url(this.portal.host, link));
    await untilMounted(this.page);
    expect(new URL(this.page.url()).hash, 'no token in the address').toBe('');
  }

  async set(password: string, confirmation = password): Promise<void> {
    await this.renewed.fill(password);
    await this.confirmation.fill(confirmation);
    await this.submit.click();
  }
}

/** What the screen of the code is called: to who signs in, and to who is signed in already and proves who they are. */
export const SIGN_IN_TITLE = /^(Code de connexion|Sign-in code)$/;
export const PROOF_TITLE = /^(Confirmez votre identité|Confirm that it is you)$/;

/** Between password and session: the one-time code. */
export class CodeScreen {
  readonly heading: Locator;
  readonly code: Locator;
  readonly submit: Locator;
  readonly cancel: Locator;
  readonly reference: Locator;
  readonly resend: Locator;
  /** Where the code went. */
  readonly address: Locator;
  /** Where it can go, where there is a choice. */
  readonly choices: Locator;
  /** What is wrong with the code that was typed. */
  readonly fault: Locator;

  constructor(
    readonly page: Page,
    private readonly server: Server,
    private readonly title = SIGN_IN_TITLE,
  ) {
    this.heading = page.getByRole('heading', { level: 1 });
    this.code = field(page, /^(code à 6 chiffres|6-digit code)/i);
    this.submit = page.locator('form').getByRole('button', { name: /^(Valider|Confirm)$/ });
    this.cancel = page.getByRole('link', { name: /^(Annuler|Cancel)$/ });
    this.reference = page.locator('main .reference strong');
    this.resend = page.getByRole('button', { name: /^(Renvoyer un code|Send another code)$/ });
    this.address = page.locator('main .address');
    this.choices = page.locator('main .choices').getByRole('radio');
    this.fault = page.locator('#code-fault');
  }

  /** Waits for the form; the reference that it shows. */
  async untilShown(): Promise<string> {
    await expect(this.heading).toHaveText(this.title);
    await expect(this.reference).toHaveText(/^[A-Z0-9]{4}-[A-Z0-9]{4}$/);
    return (await this.reference.textContent()) ?? '';
  }

  /** The code that was sent, from the message that carries the page's reference. */
  async sent(): Promise<string> {
    const reference = await this.untilShown();
    let message: Message | undefined;
    await expect
      .poll(async () => (message = await this.server.messageWith(reference)) !== undefined, `a message with ${reference}`)
      .toBe(true);
    return codeIn(message as Message);
  }

  async enter(code: string): Promise<void> {
    await this.code.fill(code);
    await this.submit.click();
  }
}

/** What surrounds every screen of a person signed in. */
export class Header {
  readonly menu: Locator;
  readonly account: Locator;
  readonly signOut: Locator;
  readonly padlock: Locator;

  constructor(readonly page: Page) {
    this.menu = page.getByRole('banner').locator('button[aria-haspopup="menu"]');
    this.account = page.getByRole('menuitem', { name: /^(Mon compte|My account)$/ });
    this.signOut = page.getByRole('menuitem', { name: /^(Se déconnecter|Sign out)$/ });
    this.padlock = page.getByRole('banner').getByRole('link', { name: /mot de passe|password/i });
  }

  async open(): Promise<void> {
    await this.menu.click();
    await expect(this.menu).toHaveAttribute('aria-expanded', 'true');
  }

  async leave(): Promise<void> {
    await this.open();
    await this.signOut.click();
  }

  async openAccount(): Promise<void> {
    await this.open();
    await this.account.click();
  }

  /** «Mon compte» → «Sécurité». */
  async openSecurity(): Promise<void> {
    await this.openAccount();
    await this.page.getByRole('link', { name: /^(Gérer la sécurité de mon compte|Manage the security of my account)$/ }).click();
  }
}
