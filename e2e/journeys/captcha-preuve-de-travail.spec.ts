/** The proof of work, spoken by ALTCHA's own client: what is solved by the protocol is taken, once, and nothing else is. */

import type { Challenge } from 'altcha/lib';

import { AURA, NEUTRAL, NORMANDIE, type Portal } from '../support/portals';
import { proofChallenge, solveProof } from '../support/proof';
import type { Answer, Server } from '../support/server';
import { expect, test } from '../support/test';

interface Payload {
  challenge: Challenge;
  solution: { counter: number; derivedKey: string };
}

function ask(server: Server, portal: Portal, payload: string): Promise<Answer> {
  return server.ask(portal.host, '/api/recovery/identifier', {
    method: 'POST',
    json: { subject: 'personne@exemple.fr', captcha: { kind: 'proof', payload } },
  });
}

function expectRefused(answer: Answer): void {
  expect(answer.status, answer.text).toBe(422);
  const { code, fields } = JSON.parse(answer.text) as { code: string; fields: unknown };
  expect(code).toBe('validation_failed');
  expect(fields).toEqual([{ field: 'captcha', reason: 'captcha_refused' }]);
}

/** The same payload with something changed in it. */
function altered(payload: string, alter: (parts: Payload) => void): string {
  const parts = JSON.parse(atob(payload)) as Payload;
  alter(parts);
  return btoa(JSON.stringify(parts));
}

// Normandie shows a picture, and takes the same without a picture.
for (const portal of [NEUTRAL, AURA, NORMANDIE]) {
  test.describe(portal.name, () => {
    test('what ALTCHA’s own client solves is taken once', async ({ server }) => {
      const payload = await solveProof(await proofChallenge(server, portal.host));
      const first = await ask(server, portal, payload);
      expect(first.status, first.text).toBe(202);
      await test.step('and not twice, however it is written', async () => {
        expectRefused(await ask(server, portal, payload));
        expectRefused(await ask(server, portal, btoa(JSON.stringify(JSON.parse(atob(payload)), null, 2))));
      });
    });

    test('what was altered is not taken', async ({ server }) => {
      const payload = await solveProof(await proofChallenge(server, portal.host));
      const alterations: ((parts: Payload) => void)[] = [
        ({ challenge }) => (challenge.parameters.keyPrefix = challenge.parameters.keyPrefix.slice(0, 2)),
        ({ challenge }) => (challenge.parameters.cost = 1),
        ({ challenge }) => (challenge.parameters.expiresAt = (challenge.parameters.expiresAt ?? 0) + 3600),
        ({ challenge }) => (challenge.signature = '0'.repeat(64)),
        ({ solution }) => (solution.counter += 1),
        ({ solution }) => (solution.derivedKey = '0'.repeat(64)),
      ];
      for (const alter of alterations) {
        expectRefused(await ask(server, portal, altered(payload, alter)));
      }
      expectRefused(await ask(server, portal, 'not a payload'));
    });

    test('nothing is taken without an answer', async ({ server }) => {
      const answer = await server.ask(portal.host, '/api/recovery/identifier', {
        method: 'POST',
        json: { subject: 'personne@exemple.fr' },
      });
      expectRefused(answer);
    });
  });
}

test.describe('time', () => {
  test.use({ ownServer: true });

  test('a challenge is good for two minutes', async ({ server }) => {
    const payload = await solveProof(await proofChallenge(server, NEUTRAL.host));
    await server.advance(121);
    expectRefused(await ask(server, NEUTRAL, payload));
  });
});
