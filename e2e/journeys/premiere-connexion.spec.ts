/** «Première connexion»: an invitation, a provisional password, and nothing open before a real one is set. */

import { PORTALS, digits } from '../support/portals';
import { expectGoodScreen } from '../support/quality';
import { ChangePasswordScreen, Header, SignInScreen } from '../support/screens';
import { expect, test } from '../support/test';

for (const portal of PORTALS) {
  test.describe(portal.name, () => {
    test('a person invited signs in, must set a password, is told so by mail, and comes back with it', async ({
      page,
      server,
      accounts,
    }) => {
      const account = await accounts.invited(portal);
      expect(account.invitation.portal).toBe(portal.name);
      expect(account.invitation.html).toContain(account.identifier);
      expect(account.invitation.text).toContain(portal.support.email);
      const [renewed] = portal.passwords;

      const signIn = new SignInScreen(page, server, portal);
      const change = new ChangePasswordScreen(page, portal);
      const header = new Header(page);

      await test.step('the provisional password opens the change of password alone', async () => {
        await signIn.open();
        await signIn.signIn(account);
        await change.untilShown();
        await expectGoodScreen(page);
        for (const path of ['/', '/account', '/pages/contacts']) {
          await page.goto(server.url(portal.host, path));
          await change.untilShown();
        }
        for (const path of ['/api/account', '/api/services']) {
          const refused = await page.evaluate(async (asked) => {
            const answer = await fetch(asked);
            return { status: answer.status, code: ((await answer.json()) as { code: string }).code };
          }, path);
          expect(refused).toEqual({ status: 403, code: 'password_change_required' });
        }
      });

      await test.step('each rule is shown met or not as one types', async () => {
        await change.renewed.fill('a');
        await expect.poll(() => change.unmet()).not.toEqual([]);
        await change.renewed.fill(renewed);
        await expect.poll(() => change.unmet()).toEqual([]);
      });

      await test.step('the password is set, and the page says that a mail will say so', async () => {
        await change.change(account, renewed);
        await expect(
          page.getByText('Votre changement de mot de passe est effectué. Vous allez recevoir un e-mail de confirmation.'),
        ).toBeVisible();
        await expectGoodScreen(page);
      });

      await test.step('the mail says whom to call', async () => {
        const confirmation = await accounts.message(account.email, /mot de passe a été changé/);
        expect(confirmation.text).toContain('Votre changement de mot de passe a bien été pris en compte.');
        expect(digits(confirmation.text)).toContain(digits(portal.support.phone));
        expect(confirmation.text).not.toContain(renewed);
        expect(confirmation.html).not.toContain(renewed);
      });

      await test.step('the new password opens the portal, the provisional one no longer', async () => {
        await page.goto(server.url(portal.host));
        await header.leave();
        await expect(signIn.identifier).toBeVisible();
        await signIn.signIn(account);
        await expect(page.getByRole('alert')).toBeVisible();
        await signIn.signIn({ ...account, password: renewed });
        await expect(page.getByText('Dernière connexion')).toBeVisible();
        await expectGoodScreen(page);
      });
    });
  });
}

