/**
 * The one file that knows the client library of EventStoreDB and KurrentDB (`@eventstore/db-client` 6.2); kurrentdb.ts builds
 * the port on it. It promises that every call ends within its time, that a failure says whether the server can have done what was
 * asked, that a connection in trouble is replaced by a new one, and that nothing the client lets slip ends the process.
 */
import {
  BACKWARDS,
  binaryEvent,
  END,
  ErrorType,
  EventStoreDBClient,
  NO_STREAM,
  type WrongExpectedVersionError,
} from '@eventstore/db-client';

/** An event as the server keeps it; `link` is its metadata, written and read as JSON. */
export interface ServerEvent {
  readonly revision: number;
  readonly data: Uint8Array;
  readonly link: unknown;
}

/**
 * `conflict`, `too-large`, `denied`, `no-stream`, `deleted`: the server's own answer, nothing was stored. `away`: the request never
 * reached it, or it was not ready. `unknown`: sent, and what came of it nobody said.
 */
export type Failing = 'conflict' | 'too-large' | 'denied' | 'no-stream' | 'deleted' | 'away' | 'unknown';

export class ServerFailure extends Error {
  /** @param last where a stream in conflict really ends, -1 where it does not exist; null where that is not known */
  constructor(
    readonly failing: Failing,
    message: string,
    readonly last: number | null = null,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'ServerFailure';
  }
}

/** What `take` threw at an event: no failure of the server's. */
class Refused extends Error {
  constructor(cause: unknown) {
    super('refused', { cause });
  }
}

type Channel = { close(): void };
/** One client with the channels that it has opened: it forgets to close them. */
interface Line {
  readonly client: EventStoreDBClient;
  readonly channels: Set<Channel>;
  ended: boolean;
}

const utf8 = new TextEncoder();
/** The server gets the deadline as a time of day, so this is also how far the two clocks may differ; we wait by our own timers. */
const CLIENT_DEADLINE_MS = 30_000;
const KEEP_ALIVE_TIMEOUT_MS = 10_000;
const WATCH_AGAIN_MS = 500;
const WATCH_AGAIN_AT_MOST_MS = 10_000;

export class ServerConnection {
  #line: Line | null = null;
  #lines = 0;
  #closed = false;
  readonly #release: () => void;

  /** Connects at the first call. @param connection for the client library, `esdb://…` */
  constructor(private readonly connection: string) {
    this.#release = surviveTheClient(() => this.#line && this.#replace(this.#line));
    this.#open(); // a connection string that cannot be read is told at once
  }

  /**
   * Appends all or nothing. Ids are new for each try: the server acknowledges old ones whatever they bring.
   * @param expected how many events the stream holds now, 0 where it must not exist
   * @returns the revision of the last
   * @throws ServerFailure
   */
  async append(
    stream: string,
    expected: number,
    events: readonly { data: Uint8Array; link?: unknown }[],
    timeoutMs: number,
  ): Promise<number> {
    const proposed = events.map(({ data, link }) =>
      binaryEvent({
        type: 'liggaren',
        data,
        ...(link === undefined ? {} : { metadata: utf8.encode(JSON.stringify(link)) }),
      }),
    );
    const line = this.#open();
    const expectedRevision = expected === 0 ? NO_STREAM : BigInt(expected - 1);
    const options = { expectedRevision, requiresLeader: true, deadline: CLIENT_DEADLINE_MS } as const;
    try {
      const result = await within(timeoutMs, line.client.appendToStream(stream, proposed, options));
      if (!result.success) throw new ServerFailure('conflict', 'another revision was expected');
      return Number(result.nextExpectedRevision);
    } catch (error) {
      throw this.#failed(line, appendFailure(error));
    }
  }

  /**
   * Reads forwards, or the last event only, and hands each to `take` until that returns false.
   * @param from the first revision, `last` for the last event
   * @param idleMs how long to wait for the next event
   * @throws ServerFailure; `no-stream` where there is none
   */
  async read(stream: string, from: number | 'last', count: number, idleMs: number, take: (event: ServerEvent) => boolean): Promise<void> {
    const line = this.#open();
    const where = from === 'last' ? ({ direction: BACKWARDS, fromRevision: END } as const) : { fromRevision: BigInt(from) };
    const reading = line.client.readStream(stream, { ...where, maxCount: count, requiresLeader: true });
    const { promise: over, resolve, reject } = Promise.withResolvers<void>();
    const timer = setTimeout(() => reject(new ServerFailure('away', `no answer within ${idleMs} ms`)), idleMs);
    let whole = false;
    let taking = true;
    reading.on('data', ({ event }) => {
      timer.refresh();
      if (!event || !taking) return;
      try {
        taking = take({ revision: Number(event.revision), data: bytesOf(event.data), link: event.metadata });
        if (!taking) resolve();
      } catch (error) {
        taking = false;
        reject(new Refused(error));
      }
    });
    reading.on('end', () => {
      whole = true;
      resolve();
    });
    reading.on('close', () => reject(new ServerFailure('away', 'the connection was closed while it was read')));
    reading.on('error', reject); // it stays: one that comes when nobody waits any more would end the process
    try {
      await over;
    } catch (error) {
      throw error instanceof Refused ? error.cause : this.#failed(line, readFailure(error));
    } finally {
      taking = false;
      clearTimeout(timer);
      if (!whole) void reading.cancel().catch(() => {}); // the client would go on receiving
    }
    // a connection that was replaced ends its other streams in good order: that is no end of the log
    if (line.ended) throw new ServerFailure('away', 'the connection was replaced while it was read');
  }

  /** The first event that the stream's own metadata hides (after a deletion, say), null where nothing is hidden. */
  async hiddenBefore(stream: string, timeoutMs: number): Promise<number | null> {
    const line = this.#open();
    try {
      const { metadata } = await within(timeoutMs, line.client.getStreamMetadata(stream, { requiresLeader: true }));
      const before =
        (metadata as { $tb?: unknown; truncateBefore?: unknown } | undefined)?.truncateBefore ??
        (metadata as { $tb?: unknown } | undefined)?.$tb;
      return before === undefined ? null : Number(before);
    } catch (error) {
      const failure = readFailure(error);
      if (failure.failing === 'no-stream') return null;
      throw this.#failed(line, failure);
    }
  }

  /** Rings after each append to the stream by anybody, and after each time it had to connect anew; until the connection is closed. */
  watch(stream: string, ring: () => void): void {
    let pauseMs = WATCH_AGAIN_MS;
    const subscribe = (): void => {
      if (this.#closed) return;
      const line = this.#open();
      const subscription = line.client.subscribeToStream(stream, { fromRevision: END });
      let over = false;
      const again = (): void => {
        if (over) return;
        over = true;
        void subscription.unsubscribe().catch(() => {});
        setTimeout(subscribe, pauseMs).unref();
        pauseMs = Math.min(pauseMs * 2, WATCH_AGAIN_AT_MOST_MS);
      };
      subscription.on('confirmation', () => {
        pauseMs = WATCH_AGAIN_MS;
        ring(); // for what came while nobody listened
      });
      subscription.on('data', ring);
      for (const ending of ['error', 'end', 'close'] as const) subscription.on(ending, again);
    };
    subscribe();
  }

  /** Ends what is under way and lets the process go. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    const line = this.#line;
    this.#line = null;
    if (line) await end(line);
    this.#release();
  }

  #open(): Line {
    if (this.#closed) throw new ServerFailure('away', 'the connection is closed');
    if (this.#line) return this.#line;
    // Another option makes another connection: the client's own pool would hand back the old one, with its long pauses between tries.
    const keepAliveTimeout = KEEP_ALIVE_TIMEOUT_MS + (this.#lines++ % 1_000);
    const client = EventStoreDBClient.connectionString(withDefaults(this.connection, keepAliveTimeout));
    const line: Line = { client, channels: new Set(), ended: false };
    // Two doors that the client leaves open: channels that nobody closes, and a repair whose own failure nobody hears.
    const create = client['createChannel'].bind(client);
    client['createChannel'] = async () => {
      const channel = await create();
      if (line.ended) channel.close();
      else line.channels.add(channel);
      return channel;
    };
    const repair = client['handleError'].bind(client);
    client['handleError'] = (failed, error) => repair(failed, error).catch(() => {});
    this.#line = line;
    return line;
  }

  /** After a failure that may lie in the connection the next call gets a new one, which looks for the leader anew. */
  #failed(line: Line, failure: ServerFailure): ServerFailure {
    if (failure.failing === 'away' || failure.failing === 'unknown') this.#replace(line);
    return failure;
  }

  #replace(line: Line): void {
    if (this.#line === line) this.#line = null;
    void end(line);
  }
}

/** Every call on that line ends now. */
async function end(line: Line): Promise<void> {
  line.ended = true;
  // cancels at once; some of its streams never tell that they have ended
  await within(20, line.client.dispose()).catch(() => {});
  for (const channel of line.channels) channel.close();
}

/** Settings of the client that the operator has not given. A timeout of the gossip counts in seconds. */
function withDefaults(connection: string, keepAliveTimeout: number): string {
  const given = new Set((connection.split('?')[1] ?? '').split('&').map((pair) => pair.split('=')[0]!.toLowerCase()));
  const defaults = {
    throwOnAppendFailure: 'true', // taken from here only, not from a call
    keepAliveTimeout,
    connectionName: 'liggaren',
    maxDiscoverAttempts: 5,
    gossipTimeout: 1,
  };
  const added = Object.entries(defaults).filter(([key]) => !given.has(key.toLowerCase()));
  return `${connection}${connection.includes('?') ? '&' : '?'}${added.map(([key, value]) => `${key}=${value}`).join('&')}`;
}

/** The call's own answer, or `unknown` after the time: the client can wait for ever on a stream that ended in good order. */
async function within<T>(timeoutMs: number, call: Promise<T>): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new ServerFailure('unknown', `no answer within ${timeoutMs} ms`)), timeoutMs);
  try {
    return await Promise.race([call, late]);
  } finally {
    clearTimeout(timer);
  }
}

type ClientError = { type?: string; code?: number; message?: string };

/**
 * An append's failure. Only an answer to this very append tells (it has a type and no code): a stream that breaks takes with it every
 * append in the process that waits for an answer, also those on other connections. What fails before sending has no type.
 */
function appendFailure(error: unknown): ServerFailure {
  if (error instanceof ServerFailure) return error;
  const { type, code, message = '' } = error as ClientError;
  if (type === undefined) return new ServerFailure('away', message, null, { cause: error });
  if (code === undefined) {
    const answer = answerOf(error);
    if (answer) return answer;
    if (type === ErrorType.UNKNOWN && NOT_READY.test(message)) return new ServerFailure('away', message, null, { cause: error });
  }
  return new ServerFailure('unknown', message || type, null, { cause: error });
}

/** What a server says that has not even looked at an append. */
const NOT_READY = /Could not recognize (?:Server Is Not Ready|Server Is (?:Too )?Busy|No leader info)/;

function readFailure(error: unknown): ServerFailure {
  if (error instanceof ServerFailure) return error;
  return answerOf(error) ?? new ServerFailure('away', (error as ClientError).message || String(error), null, { cause: error });
}

function answerOf(error: unknown): ServerFailure | null {
  const { type, message = '' } = error as ClientError;
  const failure = (failing: Failing, last: number | null = null) => new ServerFailure(failing, message, last, { cause: error });
  switch (type) {
    case ErrorType.WRONG_EXPECTED_VERSION: {
      const { actualVersion } = error as WrongExpectedVersionError; // its message is empty
      return failure('conflict', typeof actualVersion === 'bigint' ? Number(actualVersion) : -1);
    }
    case ErrorType.MAXIMUM_APPEND_SIZE_EXCEEDED:
      return failure('too-large');
    case ErrorType.ACCESS_DENIED:
      return failure('denied');
    case ErrorType.STREAM_NOT_FOUND:
      return failure('no-stream');
    case ErrorType.STREAM_DELETED:
      return failure('deleted');
    default:
      return null;
  }
}

/** The bytes of a binary event; another program may have written JSON, which is none of ours. */
function bytesOf(data: unknown): Uint8Array {
  return data instanceof Uint8Array ? data : Buffer.from(JSON.stringify(data));
}

/** What each open connection does when the client has let something slip. */
const slips = new Set<() => void>();

/**
 * Keeps a rejection that comes out of the client and that nobody can catch from ending the process. Every other one ends it, as it would
 * without us. An answer that the client has forgotten (`undefined is not iterable`) leaves its stream deaf: it is given up.
 * @returns gives up that guard
 */
function surviveTheClient(slipped: () => void): () => void {
  if (slips.size === 0) process.on('unhandledRejection', letTheClientSlip);
  slips.add(slipped);
  return () => {
    if (slips.delete(slipped) && slips.size === 0) process.off('unhandledRejection', letTheClientSlip);
  };
}

function letTheClientSlip(reason: unknown): void {
  const { stack, name } = (reason ?? {}) as { stack?: unknown; name?: unknown };
  if (typeof stack === 'string' && /@eventstore[\\/]db-client|@grpc[\\/]grpc-js/.test(stack)) {
    if (name === 'TypeError') for (const slipped of slips) slipped();
  } else if (process.listenerCount('unhandledRejection') === 1) throw reason;
}
