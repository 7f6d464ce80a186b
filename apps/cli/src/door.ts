/**
 * The way in: the same HTTP routes whether a server holds the ledger (then over its address) or nobody does (then the same
 * app in this process, without a port). Opened by each verb, closed when it has its answer.
 */
import { randomUUID } from 'node:crypto';
import type { Readable } from 'node:stream';
import { Readable as Streams } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { Refusal, type Language } from '#ledger';
import type { openApp } from '../../api/src/app.js';
import { problemOf, type Problem } from '../../api/src/problem.js';
import { AnswerLost, Refused } from './exit.js';

type OpenedApp = Awaited<ReturnType<typeof openApp>>;

/** How long to wait for another short-lived holder. */
const PATIENCE_MS = 5_000;
/** How long the answers may take to come up to date: of a ledger opened here, or a server's. */
const CATCH_UP_MS = 10 * 60_000;

/** Between two looks at whether they have; the server itself waits some seconds each time. */
const LOOK_AGAIN_MS = 1_000;

export interface Request {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly query?: { readonly [name: string]: string | undefined };
  readonly body?: object;
  readonly file?: Readable;
  readonly key?: string;
  /** A look in passing: an answer that is behind is not waited for. */
  readonly inPassing?: true;
}
export interface Answer {
  readonly status: number;
  readonly type: string;
  readonly bytes: Uint8Array;
  /** Books that an export left out. */
  readonly leftOut?: string | undefined;
}
type Sent = {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly headers: { [name: string]: string };
  readonly payload: string | Readable | undefined;
};

export class Door {
  /** Told once of an answer that is waited for: how far the reports have come, and to where. */
  waiting: (position: number, seq: number) => void = () => {};

  private constructor(
    /** The server's address, or null where the ledger is open in this process. */
    readonly address: string | null,
    private readonly language: Language,
    private readonly send: (sent: Sent) => Promise<Answer>,
    private readonly shut: () => Promise<void>,
  ) {}

  /**
   * @param create makes a ledger where there is none; `'trial'`: to be tried alone, beside the folder and without a trace
   * @param store as LIGGARE_STORE, empty for a ledger in its folder's own file
   * @throws Refused `ledger-missing`, `ledger-held`, `store-unavailable`
   */
  static async open(
    folder: string,
    language: Language,
    { create = false, store = process.env['LIGGARE_STORE'] ?? '' }: { readonly create?: boolean | 'trial'; readonly store?: string } = {},
  ): Promise<Door> {
    const deadline = Date.now() + PATIENCE_MS;
    // The program behind the door is large: it is loaded when it is needed, not for a word of help.
    const { holderOf, holdsLedger } = await import('#cqrs');
    for (;;) {
      const holder = existsSync(folder) ? holderOf(folder) : null;
      if (holder?.address) return Door.to(holder.address, language);
      try {
        const api = await import('../../api/src/app.js');
        if (create === 'trial' && !holdsLedger(folder)) return await Door.beside(folder, language, store);
        return await Door.within(await api.openApp({ folder, create: create !== false, store, patienceMs: 250 }), language);
      } catch (error) {
        const again = error instanceof Refusal && error.refusal === 'ledger-held' && Date.now() < deadline;
        if (!again) throw error instanceof Refusal ? new Refused(problemOf(error, language)) : error;
      }
      await pause(50);
    }
  }

  private static to(address: string, language: Language): Door {
    return new Door(
      address,
      language,
      (sent) => fetched(address, sent),
      async () => {},
    );
  }

  /** A ledger that is only tried, in a folder of the same name that is gone when the door closes. */
  private static async beside(folder: string, language: Language, store: string): Promise<Door> {
    const place = mkdtempSync(join(tmpdir(), 'liggaren-'));
    const remove = () => rmSync(place, { recursive: true, force: true });
    try {
      const api = await import('../../api/src/app.js');
      const { send, shut } = await Door.within(await api.openApp({ folder: join(place, basename(resolve(folder))), create: true, store }), language); // prettier-ignore
      return new Door(null, language, send, () => shut().finally(remove));
    } catch (error) {
      remove();
      throw error;
    }
  }

  private static async within(app: OpenedApp, language: Language): Promise<Door> {
    const { LedgerFolder } = await import('#cqrs');
    const folder = app.get(LedgerFolder);
    await folder.reach(folder.seq, 'lines', CATCH_UP_MS);
    const send = async ({ method, url, headers, payload }: Sent): Promise<Answer> => {
      const {
        statusCode,
        headers: given,
        rawPayload,
      } = await app.inject({ method, url, headers, ...(payload === undefined ? {} : { payload }) });
      return {
        status: statusCode,
        type: String(given['content-type'] ?? ''),
        bytes: rawPayload,
        leftOut: given['liggaren-left-out'] as string | undefined,
      };
    };
    return new Door(null, language, send, () => app.close());
  }

  /** Asks. Reads wait for everything that was durable when they were asked, also where a large import keeps a server's reports behind. @throws Refused with the problem that was answered */
  async ask({ method, path, query = {}, body, file, key = randomUUID(), inPassing }: Request): Promise<Answer> {
    const minSeq =
      method === 'GET' && !path.startsWith('/health') && path !== '/settings' && !path.endsWith('/original')
        ? await this.position()
        : undefined;
    const parameters = Object.entries({ ...query, minSeq }).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, value] as [string, string]],
    );
    const url = parameters.length ? `${path}?${new URLSearchParams(parameters)}` : path;
    const type = file ? 'application/octet-stream' : method === 'POST' ? 'application/json' : undefined;
    const headers = {
      'accept-language': this.language,
      ...(type ? { 'content-type': type } : {}),
      ...(method === 'POST' ? { 'idempotency-key': key } : {}),
    };
    const payload = file ?? (method === 'POST' ? JSON.stringify(body ?? {}) : undefined);
    const deadline = Date.now() + CATCH_UP_MS;
    for (let told = false; ; told = true) {
      const answer = await this.send({ method, url, headers, payload }).catch((error: unknown) => this.lost(error, method, key));
      if (answer.status < 400) return answer;
      const problem = problemIn(answer);
      const isBehind = method === 'GET' && problem.type.endsWith(':projection-behind');
      if (!isBehind || inPassing || Date.now() > deadline) throw new Refused(problem);
      const { position, seq } = problem.facts as { readonly position: number; readonly seq: number };
      if (!told) this.waiting(position, seq);
      await pause(LOOK_AGAIN_MS);
    }
  }

  /** Asks for text. */
  async text(request: Request): Promise<string> {
    return textOf(await this.ask(request));
  }

  /** Asks for JSON. */
  async json<T>(request: Request): Promise<T> {
    return JSON.parse(textOf(await this.ask(request))) as T;
  }

  async close(): Promise<void> {
    await this.shut();
  }

  private async position(): Promise<string | undefined> {
    const ready = await this.send({ method: 'GET', url: '/health/ready', headers: {}, payload: undefined }).catch((error: unknown) =>
      this.lost(error, 'GET', ''),
    );
    const { seq } = JSON.parse(textOf(ready)) as { seq?: number };
    return ready.status === 200 && seq !== undefined && seq >= 0 ? String(seq) : undefined;
  }

  /** A connection that was never made stored nothing; one that broke after that leaves a write in doubt. */
  private lost(error: unknown, method: string, key: string): never {
    if (!(error instanceof TypeError)) throw error;
    const code = (error.cause as { code?: string } | undefined)?.code;
    if (method === 'POST' && code !== 'ECONNREFUSED') throw new AnswerLost(key);
    throw new Refused(problemOf(new Refusal('store-unavailable', { reason: code ?? error.message }), this.language));
  }
}

/** Keeps the byte order mark that a CSV begins with. */
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
const textOf = ({ bytes }: Answer): string => decoder.decode(bytes);

async function fetched(address: string, { method, url, headers, payload }: Sent): Promise<Answer> {
  const body = payload === undefined || typeof payload === 'string' ? payload : (Streams.toWeb(payload) as ReadableStream);
  const response = await fetch(`${address}${url}`, {
    method,
    headers,
    ...(body === undefined ? {} : { body }),
    ...(typeof body === 'object' ? { duplex: 'half' } : {}),
  } as RequestInit);
  return {
    status: response.status,
    type: response.headers.get('content-type') ?? '',
    bytes: new Uint8Array(await response.arrayBuffer()),
    leftOut: response.headers.get('liggaren-left-out') ?? undefined,
  };
}

function problemIn(answer: Answer): Problem {
  const [text, { status }] = [textOf(answer), answer];
  try {
    return JSON.parse(text) as Problem;
  } catch {
    return { type: 'about:blank', title: String(status), status, detail: text.slice(0, 200), facts: {} };
  }
}
