/** Hosts, headers and files: what the server says before any screen is drawn. */

import { NEUTRAL, NORMANDIE, PACA, PORTALS } from '../support/portals';
import { expect, test } from '../support/test';

test('a host that no portal answers to gets the default one', async ({ server }) => {
  const answer = await server.ask('inconnu.localhost', '/api/portal');
  expect(JSON.parse(answer.text)).toMatchObject({ name: 'neutral' });
});

test('each host has its own portal, in the page itself', async ({ server }) => {
  for (const portal of PORTALS) {
    const page = await server.ask(portal.host, '/');
    expect(page.status).toBe(200);
    const block = /<script[^>]*id="?portal"?[^>]*>(.*?)<\/script>/s.exec(page.text)?.[1];
    const api = await server.ask(portal.host, '/api/portal');
    const told = JSON.parse(api.text) as { name: string; title: object };
    expect(told.name).toBe(portal.name);
    // The sign-in page holds no more of its portal than it shows.
    expect(JSON.parse(block ?? '{}')).toMatchObject({ title: told.title });
  }
});

test('the page is in the language that the browser asks for, French otherwise', async ({ server }) => {
  for (const [asked, given] of [
    ['en-GB,en;q=0.9', 'en'],
    ['de', 'fr'],
    ['fr-FR', 'fr'],
  ] as const) {
    const page = await server.ask(NEUTRAL.host, '/', { headers: { 'accept-language': asked } });
    expect(page.text).toMatch(new RegExp(`<html[^>]* lang="?${given}"?`));
    expect(page.headers.vary).toMatch(/accept-language/i);
  }
});

test('what is hashed is kept for ever and precompressed, the page never is', async ({ server }) => {
  const page = await server.ask(PACA.host, '/');
  expect(page.headers['cache-control']).toMatch(/no-store|no-cache/);
  const files = [...page.text.matchAll(/(?:src|href)="?(\/[^"'\s>]+\.(?:js|wasm|css))/g)].map((match) => match[1] ?? '');
  expect(files.some((file) => file.endsWith('.js'))).toBe(true);
  expect(files.some((file) => file.endsWith('.wasm'))).toBe(true);
  for (const file of new Set(files)) {
    expect(file, 'a name with a hash').toMatch(/-[0-9a-f]{8,}/);
    const sizes: Record<string, number> = {};
    for (const encoding of ['identity', 'gzip', 'br']) {
      const answer = await server.ask(PACA.host, file, { headers: { 'accept-encoding': encoding } });
      expect(answer.status, file).toBe(200);
      expect(answer.headers['cache-control']).toMatch(/max-age=31536000.*immutable/);
      expect(answer.headers['content-encoding'] ?? 'identity').toBe(encoding);
      expect(answer.headers.vary).toMatch(/accept-encoding/i);
      sizes[encoding] = answer.body.length;
    }
    expect(sizes.br).toBeLessThan(sizes.gzip ?? 0);
    expect(sizes.gzip).toBeLessThan(sizes.identity ?? 0);
  }
  expect((await server.ask(PACA.host, '/absent-0123456789abcdef.js')).status).toBe(404);
});

test('every page carries the headers that bind the browser', async ({ server }) => {
  for (const path of ['/', '/sign-in', '/account', '/pages/legal-notice', '/api/session', '/demo/mailbox']) {
    const { headers } = await server.ask(NORMANDIE.host, path);
    expect(headers['x-content-type-options'], path).toBe('nosniff');
    expect(headers['referrer-policy'], path).toBe('no-referrer');
    expect(headers['cross-origin-opener-policy'], path).toBe('same-origin');
    expect(headers['permissions-policy'], path).toBeTruthy();
    expect(headers['x-request-id'], path).toBeTruthy();
    const policy = String(headers['content-security-policy']);
    expect(policy, path).toContain("frame-ancestors 'none'");
    expect(policy, path).toContain("base-uri 'none'");
    expect(policy, path).toMatch(/(object|default)-src 'none'/);
    expect(policy, path).not.toContain('unsafe-inline');
    expect(policy, path).not.toContain("'unsafe-eval'");
  }
  for (const path of ['/api/session', '/api/portal']) {
    expect((await server.ask(NORMANDIE.host, path)).headers['cache-control'], path).toContain('no-store');
  }
});

test('a page asked for by another site is refused what changes anything', async ({ server }) => {
  const json = { identifier: 'praticien', password: 'Autre-Chose#49' };
  const foreign = await server.ask(PACA.host, '/api/session', { method: 'POST', json, headers: { origin: 'https://exemple.fr' } });
  expect(foreign.status).toBe(403);
  const fetched = await server.ask(PACA.host, '/api/session', { method: 'POST', json, headers: { 'sec-fetch-site': 'cross-site' } });
  expect(fetched.status).toBe(403);
  expect(JSON.parse(fetched.text)).toMatchObject({ code: 'cross_site_refused', status: 403 });
});

test('the well-known addresses answer, the others are not found', async ({ server }) => {
  const change = await server.ask(PACA.host, '/.well-known/change-password');
  expect([302, 303, 307]).toContain(change.status);
  expect(change.headers.location).toMatch(/\/account\/password$/);
  expect((await server.ask(PACA.host, '/.well-known/security.txt')).status).toBe(200);
  for (const path of ['/.well-known/resource-that-should-not-exist-whose-status-code-should-not-be-200', '/api/nothing']) {
    expect((await server.ask(PACA.host, path)).status, path).toBe(404);
  }
});
