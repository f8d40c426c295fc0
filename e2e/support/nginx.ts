/** Debian's nginx as the proxy that ends TLS and hands the card's certificate on. */

import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

import { CARDS, type Server } from './server';

/** Where nginx speaks to Portique from: on this machine, but not where anybody else on it does. */
export const PROXY = '127.0.0.3';
/** In which header it hands the certificate on. */
export const HEADER = 'X-SSL-Client-Cert';

const START_MS = 10_000;

export class Nginx {
  private constructor(
    private readonly folder: string,
    private readonly child: ChildProcess,
    private readonly log: string[],
  ) {}

  /** On the port that the server's portals send people to. */
  static async before(server: Server): Promise<Nginx> {
    const folder = await mkdtemp(join(tmpdir(), 'portique-nginx-'));
    await writeFile(join(folder, 'nginx.conf'), configuration(folder, server));
    await writeFile(join(folder, 'authorities.pem'), await authorities());
    const child = spawn('/usr/sbin/nginx', ['-p', folder, '-c', 'nginx.conf', '-e', 'stderr'], { stdio: ['ignore', 'pipe', 'pipe'] });
    const log: string[] = [];
    child.stderr?.on('data', (chunk) => log.push(String(chunk)));
    const nginx = new Nginx(folder, child, log);
    await nginx.untilListening(server.cardsPort);
    return nginx;
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
    throw new Error(`nginx did not start:\n${this.log.join('')}`);
  }
}

/** Whose certificates browsers offer. */
async function authorities(): Promise<string> {
  const folder = join(CARDS, 'authorities');
  const files = (await readdir(folder)).filter((name) => name.endsWith('.pem'));
  return (await Promise.all(files.map((name) => readFile(join(folder, name), 'utf8')))).join('');
}

/** As docs/operations.md has it, with folders, ports and an address of the test's own. */
function configuration(folder: string, server: Server): string {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  return `daemon off;
master_process off;
pid ${folder}/nginx.pid;
error_log stderr warn;
events {}
http {
  access_log off;
${temporary.map((name) => `  ${name}_temp_path ${folder}/${name};`).join('\n')}
  server {
    listen 127.0.0.1:${server.cardsPort} ssl;
    server_name carte.localhost;
    ssl_certificate ${CARDS}/server/card-host.pem;
    ssl_certificate_key ${CARDS}/server/card-host.key.pem;
    ssl_protocols TLSv1.2 TLSv1.3;
    ssl_session_cache off;
    ssl_session_tickets off;
    ssl_verify_client optional_no_ca;
    ssl_client_certificate ${folder}/authorities.pem;
    ssl_verify_depth 4;
    error_page 418 495 = @portique;
    location / { return 418; }
    location @portique {
      proxy_pass http://127.0.0.1:${server.port};
      proxy_bind ${PROXY};
      proxy_set_header Host $host;
      proxy_set_header X-Forwarded-For $remote_addr;
      proxy_set_header ${HEADER} $ssl_client_escaped_cert;
    }
  }
}
`;
}
