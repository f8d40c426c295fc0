/** What mails carry: a link whose token stands after its `#`, and the reference that the page shows too. */

import { expect } from '@playwright/test';

import type { Message } from './server';

/** The path, with its token, of the link in a mail: `linkIn(mail, '/password/new')`. */
export function linkIn(mail: Message, path: string): string {
  const link = new RegExp(`https?://[^\\s/]+(${path}#[\\w-]{40,})`).exec(mail.text)?.[1];
  expect(link, `a link to ${path} in: ${mail.text}`).toBeTruthy();
  expect(mail.html, 'the same link in both forms').toContain(link);
  return link ?? '';
}

/** The one-time code in a message. */
export function codeIn(message: Message): string {
  // An SMS binds its code to the portal's host, on its last line.
  const shape = message.channel === 'sms' ? /\n@[\w.-]+ #(\d{6})$/ : /^\s*(\d{6})\s*$/m;
  const code = shape.exec(message.text)?.[1];
  expect(code, `a code in: ${message.text}`).toBeTruthy();
  expect(message.subject, 'not where a locked phone shows it').not.toContain(code);
  return code ?? '';
}
