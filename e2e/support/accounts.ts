/** Accounts made for one test, as the operator makes them: by the command line and the invitation's mail. */

import { expect } from '@playwright/test';

import type { Portal } from './portals';
import { proof } from './proof';
import type { Message, Server } from './server';

export interface Account {
  identifier: string;
  email: string;
  password: string;
}

export class Accounts {
  private made = 0;

  constructor(
    private readonly server: Server,
    private readonly scope: string,
  ) {}

  /** Creates an account whose password is provisional, and reads that password from the invitation. `more`: what else is on record. */
  async invited(portal: Portal, ...more: string[]): Promise<Account & { invitation: Message }> {
    this.made += 1;
    const identifier = `${this.scope}.${this.made}`;
    const email = `${identifier}@exemple.fr`;
    await this.server.command(
      ...['account', 'create', '--portal', portal.name, '--identifier', identifier, '--email', email],
      ...['--given-name', 'Camille', '--family-name', 'Bruyère', ...more],
    );
    // Turned by nothing, the clock still wakes the queue, which else looks only now and then for others' work.
    await this.server.advance(0);
    const invitation = await this.message(email, /./);
    expect(invitation.text, 'the invitation tells the identifier').toContain(identifier);
    const password = /mot de passe provisoire[^:]*:\s*(\S+)/i.exec(invitation.text)?.[1];
    expect(password, `a provisional password in: ${invitation.text}`).toBeTruthy();
    return { identifier, email, password: password ?? '', invitation };
  }

  /** Creates an account whose password is the portal's first one, chosen through the API. */
  async settled(portal: Portal, ...more: string[]): Promise<Account> {
    const account = await this.invited(portal, ...more);
    const [password] = portal.passwords;
    const cookie = await this.session(portal, account);
    const changed = await this.server.ask(portal.host, '/api/account/password', {
      method: 'PUT',
      headers: { cookie },
      json: {
        identifier: account.identifier,
        current_password: account.password,
        new_password: password,
        confirmation: password,
        captcha: await proof(this.server, portal.host),
      },
    });
    expect(changed.status, changed.text).toBe(200);
    return { identifier: account.identifier, email: account.email, password };
  }

  /** Signs in through the API; the session's cookie, as a request's header wants it. */
  async session(portal: Portal, { identifier, password }: Pick<Account, 'identifier' | 'password'>): Promise<string> {
    const answer = await this.server.ask(portal.host, '/api/session', {
      method: 'POST',
      json: { identifier, password },
    });
    expect(answer.status, answer.text).toBe(200);
    const cookie = answer.headers['set-cookie']?.[0]?.split(';')[0];
    expect(cookie).toBeTruthy();
    return cookie ?? '';
  }

  /** The newest message to an address whose subject matches, once the queue has let it go. */
  async message(email: string, subject: RegExp): Promise<Message> {
    let found: Message | undefined;
    await expect
      .poll(
        async () => {
          found = (await this.server.messagesTo(email)).filter((message) => subject.test(message.subject)).at(-1);
          return found !== undefined;
        },
        { message: `a message to ${email} about ${subject}`, timeout: 30_000 },
      )
      .toBe(true);
    return found as Message;
  }
}
