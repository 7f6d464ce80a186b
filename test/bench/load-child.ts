/**
 * The load: keep-alive connections over plain sockets, in a process of its own. Every
 * post has its own body and idempotency key, and the generator's share of two cores stays small. Either `connections` that each send
 * the next request when the last is answered, for `seconds`; or `perSecond`, at fixed times, until told to stop, each request's time
 * counted from when it should have been sent.
 */
import { connect, type Socket } from 'node:net';
import { postBody } from './region.js';

export type LoadOptions = {
  readonly port: number;
  /** Where posts begin to count, so that no two loads send the same. */
  readonly from: number;
  readonly connections?: number;
  readonly seconds?: number;
  readonly perSecond?: number;
  /** Asked in turn, GET; without them, posts. */
  readonly paths?: readonly string[];
};
/** Milliseconds of every answer in order of size; `failed` are answers other than 200 and 201. */
export type LoadDone = {
  readonly seconds: number;
  readonly answered: number;
  readonly failed: number;
  readonly firstFailure: string | null;
  readonly ms: readonly number[];
};

const options = JSON.parse(process.argv[2]!) as LoadOptions;
const { port, paths, connections = 0, seconds = 0, perSecond = 0 } = options;
const taken: number[] = [];
let [sent, failed, over, flying] = [0, 0, false, 0];
let firstFailure: string | null = null;
const started = performance.now();

function request(): string {
  const n = options.from + sent++;
  if (paths) return `GET ${paths[n % paths.length]} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n`;
  const body = postBody(n);
  return `POST /vouchers/costs HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nIdempotency-Key: bench-${n}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
}

class Connection {
  readonly #socket: Socket = connect(port, '127.0.0.1').setNoDelay();
  #heard = '';
  #since = 0;
  #answered: (() => void) | null = null;

  constructor() {
    this.#socket.setEncoding('latin1').on('data', (text: unknown) => this.#hear(String(text)));
  }

  /** @param since when it should have been sent */
  send(since: number): Promise<void> {
    this.#since = since;
    flying += 1;
    this.#socket.write(request());
    return new Promise((resolve) => (this.#answered = resolve));
  }

  end(): void {
    this.#socket.destroy();
  }

  #hear(text: string): void {
    this.#heard += text;
    const body = this.#heard.indexOf('\r\n\r\n') + 4;
    if (body < 4 || !isWhole(this.#heard, body)) return;
    taken.push(performance.now() - this.#since);
    if (!/^HTTP\/1.1 20[01]/.test(this.#heard)) {
      failed += 1;
      firstFailure ??= this.#heard.slice(0, 2_000);
    }
    this.#heard = '';
    flying -= 1;
    this.#answered!();
  }
}

function isWhole(heard: string, body: number): boolean {
  const length = /content-length: (\d+)/i.exec(heard.slice(0, body))?.[1];
  return length === undefined ? heard.endsWith('\r\n0\r\n\r\n') : heard.length >= body + Number(length);
}

function done(): void {
  over = true;
  const all = taken.sort((a, b) => a - b);
  process.send!(
    { seconds: (performance.now() - started) / 1000, answered: all.length, failed, firstFailure, ms: all } satisfies LoadDone,
    () => process.exit(),
  );
}

if (connections) {
  const all = Array.from({ length: connections }, () => new Connection());
  for (const connection of all)
    void (async () => {
      while (!over) await connection.send(performance.now());
    })();
  setTimeout(done, seconds * 1000);
} else {
  const free = [new Connection()];
  let due = started;
  const timer = setInterval(() => {
    for (; due <= performance.now(); due += 1000 / perSecond) {
      const connection = free.pop() ?? new Connection();
      void connection.send(due).then(() => {
        free.push(connection);
        if (over && flying === 0) done();
      });
    }
  }, 2);
  process.on('message', () => {
    over = true;
    clearInterval(timer);
    if (flying === 0) done();
  });
}
