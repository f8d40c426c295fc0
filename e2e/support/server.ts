/** A demo server of one's own: the real binary, on a free port, with a fresh folder. */

import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request, type IncomingHttpHeaders } from 'node:http';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);
const binary = process.env.PORTIQUE_BIN ?? resolve(__dirname, '../../target/debug/portique');
/** What `make cards` wrote. */
export const CARDS = process.env.PORTIQUE_CARDS ?? resolve(__dirname, '../../target/cards');

/** How long a server may take to answer after its start, in milliseconds. */
const START_MS = 20_000;

export interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  body: Buffer;
  /** The body as text. */
  text: string;
}

export interface Ask {
  method?: string;
  headers?: Record<string, string>;
  /** Sent as JSON. */
  json?: unknown;
  /** Another of its listeners than the portals'. */
  port?: number;
}

/** One of the messages that the demo keeps in the place of sending. */
export interface Message {
  portal: string;
  channel: string;
  to: string;
  subject: string;
  text: string;
  html: string;
  at: string;
}

export class Server {
  private constructor(
    readonly port: number,
    /** Where browsers are sent to show a card. */
    readonly cardsPort: number,
    private readonly data: string,
    private readonly child: ChildProcess,
    private readonly log: string[],
  ) {}

  /** `portals`: files beside those of the demo's own portals, by name. */
  static async start(
    extraEnvironment: Record<string, string> = {},
    portals: (port: number) => Record<string, string> = () => ({}),
  ): Promise<Server> {
    const [port, cardsPort] = [await freePort(), await freePort()];
    const data = await mkdtemp(join(tmpdir(), 'portique-e2e-'));
    await mkdir(join(data, 'portals'));
    for (const [name, text] of Object.entries(portals(port))) {
      await writeFile(join(data, 'portals', name), text);
    }
    const asked = ['serve', '--demo', '--port', String(port), '--data', data, '--cards', CARDS, '--cards-port', String(cardsPort)];
    const child = spawn(binary, asked, {
      env: { ...process.env, ...extraEnvironment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const log: string[] = [];
    child.stdout?.on('data', (chunk) => log.push(String(chunk)));
    child.stderr?.on('data', (chunk) => log.push(String(chunk)));
    const server = new Server(port, cardsPort, data, child, log);
    await server.untilReady();
    return server;
  }

  async stop(): Promise<void> {
    if (this.child.exitCode === null && this.child.signalCode === null) {
      const ended = new Promise((done) => this.child.once('exit', done));
      this.child.kill('SIGTERM');
      await ended;
    }
    await rm(this.data, { recursive: true, force: true });
  }

  /** The address of a host's page: `url('paca.localhost', '/account')`. */
  url(host: string, path = '/'): string {
    return `http://${host}:${this.port}${path}`;
  }

  /** The file of its database, for who must read what no answer tells. */
  get database(): string {
    return join(this.data, 'portique.db');
  }

  /** What it printed, for the report of a failure. */
  printed(): string {
    return this.log.join('');
  }

  /** Speaks to the server without a browser, under any host name: no resolver needs to know it. */
  ask(host: string, path: string, { method = 'GET', headers = {}, json, port = this.port }: Ask = {}): Promise<Answer> {
    const body = json === undefined ? undefined : JSON.stringify(json);
    const origin = `http://${host}:${this.port}`;
    return new Promise((done, failed) => {
      const asked = request(
        {
          host: '127.0.0.1',
          port,
          path,
          method,
          // A connection for each: a server that ends must not wait for idle ones.
          agent: false,
          headers: {
            host: `${host}:${this.port}`,
            ...(body === undefined ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }),
            ...(method === 'GET' ? {} : { origin }),
            ...headers,
          },
        },
        (answer) => {
          const chunks: Buffer[] = [];
          answer.on('data', (chunk: Buffer) => chunks.push(chunk));
          answer.on('error', failed);
          answer.on('end', () => {
            const bytes = Buffer.concat(chunks);
            done({ status: answer.statusCode ?? 0, headers: answer.headers, body: bytes, text: bytes.toString() });
          });
        },
      );
      asked.on('error', failed);
      asked.end(body);
    });
  }

  /** Every message of the demo to this address, oldest first; their texts on one line, however they were folded. */
  async messagesTo(address: string): Promise<Message[]> {
    const answer = await this.ask('localhost', '/demo/messages');
    const all = JSON.parse(answer.text) as Message[];
    return all
      .map((message) => ({ ...message, text: message.text.replace(/\s+/g, ' ') }))
      .filter((message) => message.to.includes(address))
      .sort((a, b) => a.at.localeCompare(b.at));
  }

  /** The message that carries this reference, if it was sent. */
  async messageWith(reference: string): Promise<Message | undefined> {
    const answer = await this.ask('localhost', '/demo/messages');
    return (JSON.parse(answer.text) as Message[]).find((message) => message.text.includes(reference));
  }

  /** Turns the demo's clock forward. */
  async advance(seconds: number): Promise<void> {
    const answer = await this.ask('localhost', '/demo/clock', { method: 'POST', json: { advance_seconds: seconds } });
    if (answer.status >= 300) {
      throw new Error(`the clock did not turn: ${answer.status} ${answer.text}`);
    }
  }

  /** Runs the operator's commands on this server's configuration. */
  async command(...parts: string[]): Promise<string> {
    const { stdout } = await run(binary, ['--config', join(this.data, 'portique.toml'), ...parts]);
    return stdout;
  }

  private async untilReady(): Promise<void> {
    const end = Date.now() + START_MS;
    while (Date.now() < end) {
      if (this.child.exitCode !== null) {
        break;
      }
      const ready = await this.ask('localhost', '/api/health/ready').catch(() => undefined);
      if (ready?.status === 200) {
        return;
      }
      await pause(50);
    }
    this.child.kill('SIGTERM');
    throw new Error(`the demo did not start:\n${this.printed()}`);
  }
}

/** A port that was free a moment ago. */
export async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((done) => probe.listen(0, '127.0.0.1', done));
  const { port } = probe.address() as AddressInfo;
  await new Promise((done) => probe.close(done));
  return port;
}
