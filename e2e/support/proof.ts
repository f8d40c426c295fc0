/** The proof of work as ALTCHA's own client computes it: what Portique's pages do must be what the protocol says. */

import { pbkdf2, solveChallenge, type Challenge } from 'altcha/lib';

import type { Server } from './server';

/** The payload of a challenge that was solved: JSON in base64. */
export async function solveProof(challenge: Challenge): Promise<string> {
  const solution = await solveChallenge({ challenge, deriveKey: pbkdf2.deriveKey });
  if (solution === null) {
    throw new Error('the challenge could not be solved in time');
  }
  return btoa(JSON.stringify({ challenge, solution }));
}

/** Asks a portal for a challenge. */
export async function proofChallenge(server: Server, host: string): Promise<Challenge> {
  const answer = await server.ask(host, '/api/captcha/proof', { method: 'POST', json: {} });
  if (answer.status !== 200) {
    throw new Error(`no challenge: ${answer.status} ${answer.text}`);
  }
  return JSON.parse(answer.text) as Challenge;
}

/** A captcha's answer for a request to a portal, solved. */
export async function proof(server: Server, host: string): Promise<{ kind: 'proof'; payload: string }> {
  return { kind: 'proof', payload: await solveProof(await proofChallenge(server, host)) };
}
