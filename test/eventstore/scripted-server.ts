/**
 * A server that speaks the protocol of EventStoreDB (made from the client library's own definitions), keeps streams in memory and fails on
 * command: the faults that a real server shows once in a thousand kills, in every run and without a server. Several may share one
 * log and be a cluster. As strict as the real one about expected revisions and the size of an append.
 */
import grpc from '@grpc/grpc-js';
import features from '@eventstore/db-client/generated/serverfeatures_grpc_pb.js';
import featureMessages from '@eventstore/db-client/generated/serverfeatures_pb.js';
import gossip from '@eventstore/db-client/generated/gossip_grpc_pb.js';
import gossipMessages from '@eventstore/db-client/generated/gossip_pb.js';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import statuses from '@eventstore/db-client/generated/status_pb.js';
import streams from '@eventstore/db-client/generated/streams_grpc_pb.js';
import messages, {
  type BatchAppendReq,
  type BatchAppendResp as Answer,
  type ReadReq,
  type ReadResp,
} from '@eventstore/db-client/generated/streams_pb.js';
import any from 'google-protobuf/google/protobuf/any_pb.js';
import { randomUUID } from 'node:crypto';

type Stored = { readonly data: Uint8Array; readonly metadata: Uint8Array; readonly type: string };
export type Log = Map<string, Stored[]>;

/**
 * What the next append to the ledger's stream meets. `stored` tells whether it is stored all the same.
 * `drop`: the stream of the call breaks; `cut`: the whole connection does, and the server is back at once; `silent`: no answer ever; `end`: the stream
 * ends in good order, without an answer; `late`: answered after that time; `twice`: answered twice; the others are the server's own words.
 */
export type AppendFault = { readonly stored: boolean } & (
  | { readonly fault: 'drop' | 'cut' | 'silent' | 'end' | 'timeout' | 'twice' }
  | { readonly fault: 'late'; readonly afterMs: number }
  | { readonly fault: 'not-ready' | 'busy' | 'no-leader' | 'not-leader' | 'denied' | 'exhausted' }
);
/** What the next read meets: after so many events it breaks, or says nothing more. */
export type ReadFault = { readonly after: number; readonly fault: 'drop' | 'silent' };

type Appending = grpc.ServerDuplexStream<BatchAppendReq, Answer>;
type Reading = grpc.ServerWritableStream<ReadReq, ReadResp>;

export class ScriptedServer {
  readonly faults: AppendFault[] = [];
  /** The same for the next append of a pad. */
  readonly padFaults: AppendFault[] = [];
  readonly readFaults: ReadFault[] = [];
  /** Every event that was ever asked to be appended, stored or not. */
  readonly asked: (Stored & { readonly stream: string })[] = [];
  /** Appends to streams of a ledger that were asked for, and expected revisions other than an exact one. */
  appends = 0;
  inexact = 0;
  /** The node that takes appends and reads of leaders; itself when it stands alone. */
  leader: ScriptedServer = this;
  /** While true, no append is taken: a leader is being chosen. */
  choosing = false;
  members: readonly ScriptedServer[] = [this];
  #server: grpc.Server | null = null;
  #watching = new Set<{ stream: string; call: Reading }>();
  port = 0;

  constructor(
    readonly log: Log = new Map(),
    private readonly maxAppendBytes = 1024 * 1024,
  ) {}

  get address(): string {
    return `esdb://127.0.0.1:${this.port}?tls=false`;
  }

  async start(): Promise<this> {
    const server = new grpc.Server({ 'grpc.max_receive_message_length': 17 * 1024 * 1024 });
    server.addService(features.ServerFeaturesService, {
      getSupportedMethods: (_: unknown, answer: (error: null, value: unknown) => void) => answer(null, supported()),
    });
    server.addService(gossip.GossipService, {
      read: (_: unknown, answer: (error: null, value: unknown) => void) => answer(null, this.#gossip()),
    });
    server.addService(streams.StreamsService, {
      read: (call: Reading) => this.#read(call),
      batchAppend: (call: Appending) => this.#batchAppend(call),
      append: (call: grpc.ServerReadableStream<unknown, unknown>) => call.emit('error', { code: grpc.status.UNIMPLEMENTED }),
      delete: (_: unknown, answer: (error: object) => void) => answer({ code: grpc.status.UNIMPLEMENTED }),
      tombstone: (_: unknown, answer: (error: object) => void) => answer({ code: grpc.status.UNIMPLEMENTED }),
    });
    this.port = await new Promise<number>((resolve, reject) =>
      server.bindAsync(`127.0.0.1:${this.port}`, grpc.ServerCredentials.createInsecure(), (error, port) =>
        error ? reject(error) : resolve(port),
      ),
    );
    this.#server = server;
    return this;
  }

  /** Every connection breaks, as when the process is killed. */
  stop(): void {
    this.#server?.forceShutdown();
    this.#server = null;
    this.#watching.clear();
  }

  async restart(): Promise<void> {
    this.stop();
    await this.start();
  }

  /** Appends as another program would, and rings those who watch. */
  put(stream: string, events: readonly Stored[]): void {
    const stored = this.log.get(stream) ?? [];
    this.log.set(stream, stored);
    for (const event of events) {
      stored.push(event);
      for (const watcher of this.#watching) if (watcher.stream === stream) watcher.call.write(eventOf(stream, stored.length - 1, event));
    }
  }

  #batchAppend(call: Appending): void {
    const asked = new Map<string, { options: BatchAppendReq.Options; events: Stored[] }>();
    call.on('error', () => {});
    call.on('data', (request: BatchAppendReq) => {
      const id = request.getCorrelationId()!;
      const key = Buffer.from(id.serializeBinary()).toString('hex');
      const options = request.getOptions();
      if (options) asked.set(key, { options, events: [] });
      const append = asked.get(key)!;
      append.events.push(
        ...request.getProposedMessagesList().map((message) => ({
          data: message.getData_asU8(),
          metadata: message.getCustomMetadata_asU8(),
          type: message.getMetadataMap().get('type') ?? '',
        })),
      );
      if (!request.getIsFinal()) return;
      asked.delete(key);
      const answer = new messages.BatchAppendResp();
      answer.setCorrelationId(id);
      answer.setStreamIdentifier(append.options.getStreamIdentifier());
      this.#append(call, append.options, append.events, answer);
    });
    call.on('end', () => call.end());
  }

  #append(call: Appending, options: BatchAppendReq.Options, events: Stored[], answer: Answer): void {
    const stream = Buffer.from(options.getStreamIdentifier()!.getStreamName_asU8()).toString();
    const ofLedger = !stream.includes('-pad-');
    this.asked.push(...events.map((event) => ({ stream, ...event })));
    if (ofLedger) this.appends += 1;
    if (!options.hasStreamPosition() && !options.hasNoStream()) this.inexact += 1;
    if (this.choosing) return say(call, answer, failed('Server Is Not Ready'));
    if (this.leader !== this) return notLeader(call, this.leader);
    const fault = (ofLedger ? this.faults : this.padFaults).shift();
    const current = (this.log.get(stream)?.length ?? 0) - 1;
    const expected = options.hasNoStream() ? -1 : Number(options.getStreamPosition());
    const bytes = events.reduce((sum, { data, metadata, type }) => sum + data.length + metadata.length + 2 * type.length, 0);
    if (bytes > this.maxAppendBytes) return say(call, answer, failed('', 'MaximumAppendSizeExceeded', sizeExceeded(this.maxAppendBytes)));
    if (!fault || fault.stored) {
      if (current !== expected && !fault) return say(call, answer, failed('', 'WrongExpectedVersion', wrongVersion(expected, current)));
      if (current === expected) this.put(stream, events);
    }
    const success = new messages.BatchAppendResp.Success();
    success.setCurrentRevision(String((this.log.get(stream)?.length ?? 0) - 1));
    answer.setSuccess(success);
    switch (fault?.fault) {
      case undefined:
        return void call.write(answer);
      case 'drop':
        return void call.emit('error', { code: grpc.status.UNAVAILABLE, details: 'Connection dropped' });
      case 'cut':
        return void this.restart();
      case 'silent':
        return;
      case 'end':
        return void call.end();
      case 'late':
        return void setTimeout(() => call.write(answer), fault.afterMs);
      case 'twice':
        call.write(answer);
        return void call.write(answer);
      case 'timeout':
        return say(call, answer, failed('', 'Timeout', new shared.Timeout().serializeBinary()));
      case 'denied':
        return say(call, answer, failed('', 'AccessDenied', new shared.AccessDenied().serializeBinary()));
      case 'not-ready':
        return say(call, answer, failed('Server Is Not Ready'));
      case 'busy':
        return say(call, answer, failed('Server Is Busy'));
      case 'no-leader':
        return say(call, answer, failed('No leader info available in response'));
      case 'not-leader':
        return notLeader(call, this);
      case 'exhausted':
        return void call.emit('error', { code: grpc.status.RESOURCE_EXHAUSTED, details: 'Received message exceeds the maximum' });
    }
  }

  #read(call: Reading): void {
    call.on('error', () => {});
    const options = call.request.getOptions()!;
    const asked = options.getStream()!;
    const stream = Buffer.from(asked.getStreamIdentifier()!.getStreamName_asU8()).toString();
    if (options.hasSubscription()) {
      const confirmation = new messages.ReadResp.SubscriptionConfirmation();
      confirmation.setSubscriptionId(randomUUID());
      const answer = new messages.ReadResp();
      answer.setConfirmation(confirmation);
      call.write(answer);
      const watcher = { stream, call };
      this.#watching.add(watcher);
      call.on('cancelled', () => this.#watching.delete(watcher));
      return;
    }
    if (this.leader !== this) return notLeader(call, this.leader);
    const fault = stream.includes('-pad-') || stream.startsWith('$$') ? undefined : this.readFaults.shift();
    const stored = this.log.get(stream);
    if (!stored) {
      const missing = new messages.ReadResp.StreamNotFound();
      missing.setStreamIdentifier(asked.getStreamIdentifier());
      const answer = new messages.ReadResp();
      answer.setStreamNotFound(missing);
      call.write(answer);
      return void call.end();
    }
    const backwards = options.getReadDirection() === 1;
    const from = asked.hasRevision() ? Number(asked.getRevision()) : backwards ? stored.length - 1 : 0;
    const step = backwards ? -1 : 1;
    let sent = 0;
    for (let at = from; at >= 0 && at < stored.length && sent < Number(options.getCount()); at += step) {
      if (fault && sent === fault.after) break;
      call.write(eventOf(stream, at, stored[at]!));
      sent += 1;
    }
    if (fault?.fault === 'drop') return void call.emit('error', { code: grpc.status.UNAVAILABLE, details: 'Connection dropped' });
    if (fault?.fault !== 'silent') call.end();
  }

  #gossip(): gossipMessages.ClusterInfo {
    const info = new gossipMessages.ClusterInfo();
    info.setMembersList(
      this.members.map((node) => {
        const member = new gossipMessages.MemberInfo();
        const id = new shared.UUID();
        id.setString(randomUUID());
        member.setInstanceId(id);
        member.setTimeStamp('0');
        member.setIsAlive(node.#server !== null);
        const { LEADER, FOLLOWER } = gossipMessages.MemberInfo.VNodeState;
        member.setState(node === this.leader ? LEADER : FOLLOWER);
        const end = new gossipMessages.EndPoint();
        end.setAddress('127.0.0.1');
        end.setPort(node.port);
        member.setHttpEndPoint(end);
        return member;
      }),
    );
    return info;
  }
}

function supported(): featureMessages.SupportedMethods {
  const methods = new featureMessages.SupportedMethods();
  methods.setEventStoreServerVersion('23.10.6');
  const method = new featureMessages.SupportedMethod();
  method.setServiceName('event_store.client.streams.streams');
  method.setMethodName('batchappend');
  methods.setMethodsList([method]);
  return methods;
}

function eventOf(stream: string, revision: number, { data, metadata, type }: Stored): ReadResp {
  const recorded = new messages.ReadResp.ReadEvent.RecordedEvent();
  const id = new shared.UUID();
  id.setString(randomUUID());
  recorded.setId(id);
  const identifier = new shared.StreamIdentifier();
  identifier.setStreamName(Buffer.from(stream));
  recorded.setStreamIdentifier(identifier);
  recorded.setStreamRevision(String(revision));
  recorded.setPreparePosition('0');
  recorded.setCommitPosition('0');
  recorded.getMetadataMap().set('type', type).set('content-type', 'application/octet-stream').set('created', '0');
  recorded.setCustomMetadata(metadata);
  recorded.setData(data);
  const event = new messages.ReadResp.ReadEvent();
  event.setEvent(recorded);
  event.setNoPosition(new shared.Empty());
  const answer = new messages.ReadResp();
  answer.setEvent(event);
  return answer;
}

function say(call: Appending, answer: Answer, error: statuses.Status): void {
  answer.clearSuccess();
  answer.setError(error);
  call.write(answer);
}

/** The server's word for an append that it refuses; with details where the client knows them. */
function failed(message: string, detail = '', bytes: Uint8Array = new Uint8Array(0)): statuses.Status {
  const status = new statuses.Status();
  status.setMessage(message);
  const details = new any.Any();
  details.pack(bytes, detail === '' ? 'google.protobuf.Empty' : `event_store.client.${detail}`);
  status.setDetails(details);
  return status;
}

function wrongVersion(expected: number, current: number): Uint8Array {
  const wrong = new shared.WrongExpectedVersion();
  if (expected >= 0) wrong.setExpectedStreamPosition(String(expected));
  if (current >= 0) wrong.setCurrentStreamRevision(String(current));
  return wrong.serializeBinary();
}

function sizeExceeded(most: number): Uint8Array {
  const exceeded = new shared.MaximumAppendSizeExceeded();
  exceeded.setMaxappendsize(most);
  return exceeded.serializeBinary();
}

function notLeader(call: Appending | Reading, { port }: ScriptedServer): void {
  const metadata = new grpc.Metadata();
  metadata.set('exception', 'not-leader');
  metadata.set('leader-endpoint-host', '127.0.0.1');
  metadata.set('leader-endpoint-port', String(port));
  call.emit('error', { code: grpc.status.NOT_FOUND, details: 'Leader info available', metadata });
}
