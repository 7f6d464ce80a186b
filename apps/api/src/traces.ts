/**
 * Traces from request to append, for a server with an exporter configured (OTEL_EXPORTER_OTLP_ENDPOINT); without one nothing of
 * OpenTelemetry’s tracing is loaded. Spans hold routes, statuses, names of commands and seqs: no addresses as asked, no texts, no people.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import type { Attributes, Context, Span, Tracer } from '@opentelemetry/api';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { PROGRAM, type AppendOutcome, type CommandOutcome, type Watch } from '#cqrs';

type Api = typeof import('@opentelemetry/api');
type Appended = {
  readonly first: number;
  readonly last: number;
  readonly began: number;
  readonly ended: number;
  readonly outcome: AppendOutcome;
};

/** Appends that commands may still ask for: those of one round are answered before the next append ends. */
const APPENDS_KEPT = 8;

export class Traces implements Watch {
  readonly #within = new AsyncLocalStorage<Context>();
  readonly #spans = new WeakMap<FastifyRequest, { readonly span: Span; readonly context: Context }>();
  readonly #appends: Appended[] = [];

  private constructor(
    private readonly api: Api,
    private readonly tracer: Tracer,
    private readonly shutdown: () => Promise<void>,
  ) {}

  /** Null where no exporter is configured. The exporter reads its other settings (headers, timeout) by their standard names. */
  static async configured(environment: NodeJS.ProcessEnv = process.env): Promise<Traces | null> {
    const traces = environment['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT'];
    const all = environment['OTEL_EXPORTER_OTLP_ENDPOINT'];
    if ((!traces && !all) || environment['OTEL_SDK_DISABLED'] === 'true') return null;
    const url = traces ?? `${all!.replace(/\/+$/, '')}/v1/traces`;
    const [api, { TracerProvider, BatchSpanProcessor }, { OTLPTraceExporter }, { resourceFromAttributes }] = await Promise.all([
      import('@opentelemetry/api'),
      import('@opentelemetry/sdk-trace'),
      import('@opentelemetry/exporter-trace-otlp-http'),
      import('@opentelemetry/resources'),
    ]);
    const [name, version] = PROGRAM.split(' ') as [string, string];
    const provider = new TracerProvider({
      resource: resourceFromAttributes({ 'service.name': environment['OTEL_SERVICE_NAME'] ?? name, 'service.version': version }),
      spanProcessors: [new BatchSpanProcessor({ exporter: new OTLPTraceExporter({ url }) })],
    });
    return new Traces(api, provider.getTracer(name, version), () => provider.shutdown());
  }

  /** A span for each request, beneath the caller's own where it sent one (W3C traceparent). */
  follow(fastify: FastifyInstance): void {
    const { trace, SpanKind, SpanStatusCode } = this.api;
    fastify.addHook('onRequest', (request, _, done) => {
      const above = this.#above(request.headers['traceparent']);
      const route = request.routeOptions.url ?? 'unknown';
      const attributes = { 'http.request.method': request.method, 'http.route': route };
      const span = this.tracer.startSpan(`${request.method} ${route}`, { kind: SpanKind.SERVER, attributes }, above);
      this.#spans.set(request, { span, context: trace.setSpan(above, span) });
      done();
    });
    // not before: reading a body loses the context
    fastify.addHook('preHandler', (request, _, done) => this.#within.run(this.#spans.get(request)?.context ?? this.api.ROOT_CONTEXT, done));
    fastify.addHook('onResponse', (request, reply, done) => {
      const span = this.#spans.get(request)?.span;
      span?.setAttribute('http.response.status_code', reply.statusCode);
      if (reply.statusCode >= 500) span?.setStatus({ code: SpanStatusCode.ERROR });
      span?.end();
      done();
    });
  }

  /** A span for the command; beneath it, once it is stored, how long it waited and was decided, and the append it shared. */
  command(name: string): (outcome: CommandOutcome, seq: number | null) => void {
    const { trace, SpanStatusCode, ROOT_CONTEXT } = this.api;
    const above = this.#within.getStore() ?? ROOT_CONTEXT;
    const began = Date.now();
    const span = this.tracer.startSpan(name, { startTime: began }, above);
    return (outcome, seq) => {
      span.setAttribute('liggaren.outcome', outcome);
      const within = trace.setSpan(above, span);
      const append = this.#appends.findLast(
        ({ first, last, outcome: how }) => seq !== null && how === 'stored' && first <= seq && seq <= last,
      );
      if (append) {
        span.setAttribute('liggaren.seq', seq!);
        this.#past('decide', within, began, Math.max(began, append.began), {});
        this.#past('append', within, Math.max(began, append.began), append.ended, {
          'liggaren.first_seq': append.first,
          'liggaren.events': append.last - append.first + 1,
        });
      }
      if (outcome === 'fault' || outcome === 'store-unavailable' || outcome === 'result-unknown')
        span.setStatus({ code: SpanStatusCode.ERROR });
      span.end();
    };
  }

  append(seq: number, records: number): (outcome: AppendOutcome) => void {
    const began = Date.now();
    return (outcome) => {
      this.#appends.push({ first: seq, last: seq + records - 1, began, ended: Date.now(), outcome });
      if (this.#appends.length > APPENDS_KEPT) this.#appends.shift();
    };
  }

  /** Sends what is left. An exporter that cannot be reached holds nothing up for long. */
  async close(): Promise<void> {
    await this.shutdown().catch(() => undefined);
  }

  #past(name: string, within: Context, startTime: number, endTime: number, attributes: Attributes): void {
    this.tracer.startSpan(name, { startTime, attributes }, within).end(endTime);
  }

  #above(header: string | string[] | undefined): Context {
    const { trace, ROOT_CONTEXT } = this.api;
    const [, traceId, spanId, flags] = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/.exec(String(header ?? '')) ?? [];
    if (!traceId || !spanId || /^0+$/.test(traceId) || /^0+$/.test(spanId)) return ROOT_CONTEXT;
    return trace.setSpanContext(ROOT_CONTEXT, { traceId, spanId, traceFlags: parseInt(flags!, 16) & 1, isRemote: true });
  }
}

/** Both look on. */
export function bothWatch(one: Watch, other: Watch): Watch {
  return {
    command(name) {
      const ends = [one.command(name), other.command(name)];
      return (outcome, seq) => ends.forEach((end) => end(outcome, seq));
    },
    append(seq, records, bytes) {
      const ends = [one.append(seq, records, bytes), other.append(seq, records, bytes)];
      return (outcome) => ends.forEach((end) => end(outcome));
    },
  };
}
