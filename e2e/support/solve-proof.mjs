/**
 * Solves a proof of work with ALTCHA's own client, and prints its payload, and how long it took on standard error.
 *
 *   node support/solve-proof.mjs http://localhost:8080/api/captcha/proof
 */

import { pbkdf2, solveChallenge } from 'altcha/lib';

const address = new URL(process.argv[2] ?? 'http://localhost:8080/api/captcha/proof');
const answer = await fetch(address, {
  method: 'POST',
  headers: { 'content-type': 'application/json', origin: address.origin },
  body: '{}',
});
if (!answer.ok) {
  throw new Error(`no challenge: ${answer.status} ${await answer.text()}`);
}
const challenge = await answer.json();
const begun = performance.now();
const solution = await solveChallenge({ challenge, deriveKey: pbkdf2.deriveKey });
if (solution === null) {
  throw new Error('not solved in time');
}
console.error(`counter ${solution.counter} in ${(performance.now() - begun).toFixed(0)} ms`);
console.log(btoa(JSON.stringify({ challenge, solution })));
