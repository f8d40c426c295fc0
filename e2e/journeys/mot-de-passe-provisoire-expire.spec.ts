/** A provisional password that was not used in time. */

import { NORMANDIE } from '../support/portals';
import { expectGoodScreen } from '../support/quality';
import { SignInScreen } from '../support/screens';
import { expect, test } from '../support/test';

test.use({ ownServer: true });

test('a provisional password whose time is over says whom to ask for another', async ({ page, server, accounts }) => {
  const account = await accounts.invited(NORMANDIE);
  await server.advance(60 * 24 * 3600);

  const signIn = new SignInScreen(page, server, NORMANDIE);
  await signIn.open();
  await signIn.signIn(account);

  const trouble = page.locator('.alert');
  await expect(trouble).toContainText('Votre mot de passe provisoire a expiré.');
  await expect(trouble).toContainText('Demandez-en un nouveau à l’assistance');
  await expect(signIn.identifier).toHaveValue(account.identifier);
  await expectGoodScreen(page);

  await signIn.signIn({ ...account, password: `${account.password}x` });
  await expect(trouble).toContainText('Identifiant ou mot de passe incorrect.');
  await expect(trouble).not.toContainText('expiré');
});
