/** Debian's proxies, which end TLS and hand the card's certificate on: set as docs/operations.md says. */

import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

import { CARDS, Server, freePort } from './server';

export type ProxyName = 'nginx' | 'apache' | 'haproxy';

/** Where a proxy speaks to Portique from: on this machine, but not where anybody else on it does. */
const FROM = '127.0.0.3';
/** In which header it hands the certificate on. */
export const HEADER = 'X-SSL-Client-Cert';

const OPERATIONS = resolve(__dirname, '../../docs/operations.md');
const START_MS = 10_000;

/** What a proxy is started with, in a folder of its own. */
interface Kind {
  command: (folder: string) => [program: string, ...parts: string[]];
  /** Each text of the guide's that names a place, and this machine's. */
  places: (folder: string, server: Server, port: number) => [string, string][];
  /** What a whole file of settings has around the guide's. */
  around: (guides: string, folder: string, server: Server) => string;
}

const HOST: [string, string] = ['carte.portail.example', 'carte.localhost'];

const KINDS: Record<ProxyName, Kind> = {
  nginx: {
    command: (folder) => ['/usr/sbin/nginx', '-p', folder, '-c', 'proxy.conf', '-e', 'stderr'],
    places: (folder, server, port) => [
      HOST,
      ['listen 443 ssl', `listen 127.0.0.1:${server.cardsPort} ssl`],
      ['http://127.0.0.1:8081;', `http://127.0.0.1:${port}; proxy_bind ${FROM};`],
      ...files(folder),
    ],
    around: (guides, folder) => `daemon off;
master_process off;
pid ${folder}/proxy.pid;
error_log stderr warn;
events {}
http {
  access_log off;
${['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `  ${name}_temp_path ${folder}/${name};`).join('\n')}
${guides}
}
`,
  },
  apache: {
    command: (folder) => ['/usr/sbin/apache2', '-d', folder, '-f', join(folder, 'proxy.conf'), '-D', 'FOREGROUND'],
    places: (folder, server, port) => [HOST, [':443>', `:${server.cardsPort}>`], ['http://127.0.0.1:8081/', `http://127.0.0.1:${port}/`], ...files(folder)],
    // Root is not what Debian runs it as either.
    around: (guides, folder, server) => `ServerRoot ${folder}
DefaultRuntimeDir ${folder}
PidFile ${folder}/proxy.pid
ErrorLog "|/bin/cat"
User www-data
Group www-data
${['mpm_event', 'authz_core', 'socache_shmcb', 'ssl', 'headers', 'proxy', 'proxy_http'].map((name) => `LoadModule ${name}_module /usr/lib/apache2/modules/mod_${name}.so`).join('\n')}
Listen 127.0.0.1:${server.cardsPort}
ServerName carte.localhost
ProxySourceAddress ${FROM}
${guides}
`,
  },
  haproxy: {
    command: (folder) => ['/usr/sbin/haproxy', '-C', folder, '-f', 'proxy.conf', '-db'],
    places: (folder, server, port) => [
      ['bind :443', `bind 127.0.0.1:${server.cardsPort}`],
      ['crt carte.pem', 'crt both.pem'],
      ['ca-file igc-sante.pem', `ca-file ${join(folder, 'authorities.pem')}`],
      ['127.0.0.1:8081', `127.0.0.1:${port} source ${FROM}`],
    ],
    around: (guides) => `defaults
    timeout connect 5s
    timeout client 30s
    timeout server 30s
${guides}
`,
  },
};

/** The places of the certificates, for the proxies that have the host's and its key in two files. */
function files(folder: string): [string, string][] {
  return [
    ['carte.pem', join(CARDS, 'server/card-host.pem')],
    ['carte.key', join(CARDS, 'server/card-host.key.pem')],
    ['igc-sante.pem', join(folder, 'authorities.pem')],
  ];
}

export class Proxy {
  private constructor(
    private readonly folder: string,
    private readonly child: ChildProcess,
    private readonly log: string[],
    /** The port on which Portique takes what it brings. */
    readonly brings: number,
  ) {}

  /** A demo that believes this proxy, which stands where its portals send people to. */
  static async withServer(name: ProxyName): Promise<[Server, Proxy]> {
    const port = await freePort();
    const server = await Server.start({
      // Its own listener for browsers stays out of the way.
      PORTIQUE__CARDS__TLS__LISTEN: `127.0.0.1:${await freePort()}`,
      PORTIQUE__CARDS__PROXY__LISTEN: `127.0.0.1:${port}`,
      PORTIQUE__CARDS__PROXY__FROM: `["${FROM}/32"]`,
      PORTIQUE__CARDS__PROXY__FORMAT: name,
      PORTIQUE__CARDS__PROXY__HEADER: HEADER,
    });
    return [server, await Proxy.before(name, server, port)];
  }

  private static async before(name: ProxyName, server: Server, port: number): Promise<Proxy> {
    const kind = KINDS[name];
    const folder = await mkdtemp(join(tmpdir(), `portique-${name}-`));
    const guides = kind.places(folder, server, port).reduce(replaced, await documented(name));
    await writeFile(join(folder, 'proxy.conf'), kind.around(guides, folder, server));
    await writeFile(join(folder, 'authorities.pem'), await authorities());
    const both = ['card-host.pem', 'card-host.key.pem'].map((file) => readFile(join(CARDS, 'server', file), 'utf8'));
    await writeFile(join(folder, 'both.pem'), (await Promise.all(both)).join(''), { mode: 0o600 });
    const [program, ...parts] = kind.command(folder);
    const child = spawn(program, parts, { stdio: ['ignore', 'pipe', 'pipe'] });
    const log: string[] = [];
    child.stdout?.on('data', (chunk) => log.push(String(chunk)));
    child.stderr?.on('data', (chunk) => log.push(String(chunk)));
    const proxy = new Proxy(folder, child, log, port);
    await proxy.untilListening(server.cardsPort);
    return proxy;
  }

  async stop(): Promise<void> {
    if (this.child.exitCode === null && this.child.signalCode === null) {
      const ended = new Promise((done) => this.child.once('exit', done));
      this.child.kill('SIGTERM');
      await ended;
    }
    await rm(this.folder, { recursive: true, force: true });
  }

  private async untilListening(port: number): Promise<void> {
    const end = Date.now() + START_MS;
    while (Date.now() < end && this.child.exitCode === null) {
      const there = await new Promise<boolean>((done) => {
        const socket = connect(port, '127.0.0.1', () => socket.end(() => done(true)));
        socket.on('error', () => done(false));
      });
      if (there) {
        return;
      }
      await pause(50);
    }
    this.child.kill('SIGTERM');
    throw new Error(`the proxy did not start:\n${this.log.join('')}`);
  }
}

/** The settings that the guide has for a proxy. */
async function documented(name: ProxyName): Promise<string> {
  const [, settings] = new RegExp(`\`\`\`${name}\n([^]*?)\`\`\``).exec(await readFile(OPERATIONS, 'utf8')) ?? [];
  if (settings === undefined) {
    throw new Error(`docs/operations.md has no settings for ${name}`);
  }
  return settings;
}

function replaced(settings: string, [guides, ours]: [string, string]): string {
  if (!settings.includes(guides)) {
    throw new Error(`docs/operations.md does not say «${guides}» any more`);
  }
  return settings.replaceAll(guides, ours);
}

/** Whose certificates browsers offer. */
async function authorities(): Promise<string> {
  const folder = join(CARDS, 'authorities');
  const files = (await readdir(folder)).filter((name) => name.endsWith('.pem'));
  return (await Promise.all(files.map((name) => readFile(join(folder, name), 'utf8')))).join('');
}
