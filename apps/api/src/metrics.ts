/**
 * What GET /metrics tells Prometheus: requests, commands, appends, how far the answers have come, imports, the process. Each app has a
 * registry of its own. Loaded for a server only. While requests run only numbers already labelled are added to; the rest is read when somebody asks.
 */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { LedgerFolder, type AppendOutcome, type CommandOutcome, type Report, type Watch } from '#cqrs';

const MS = 1e-3;
/** Seconds; a sync takes a millisecond, a leader's death some seconds. */
const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
const RECORDS = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512];

/** What can become of an import, as the log says it. */
const IMPORT_FATES = ['closed', 'refused', 'stopped', 'resumed', 'abandoned'];

type Observed = { observe(value: number): void };
type Counted = { inc(value?: number): void };

export class Metrics implements Watch {
  readonly #registry = new Registry();
  readonly #requests = new Histogram({
    name: 'liggaren_http_request_duration_seconds',
    help: 'Time from request to answer, by route (as the OpenAPI document writes it) and status.',
    labelNames: ['method', 'route', 'status'] as const,
    buckets: SECONDS,
    registers: [this.#registry],
  });
  readonly #commands = new Counter({
    name: 'liggaren_commands_total',
    help: 'Commands by name and outcome: stored, repeated (the key was known), tried (a dry run), the refusal, or fault.',
    labelNames: ['command', 'outcome'] as const,
    registers: [this.#registry],
  });
  readonly #appendTime = new Histogram({
    name: 'liggaren_append_duration_seconds',
    help: 'Time of an append to the store, by outcome: stored, conflict, unknown, failed.',
    labelNames: ['outcome'] as const,
    buckets: SECONDS,
    registers: [this.#registry],
  });
  readonly #appendRecords = new Histogram({
    name: 'liggaren_append_events',
    help: 'Events in an append: how many callers shared it.',
    buckets: RECORDS,
    registers: [this.#registry],
  });
  readonly #appendBytes = new Counter({
    name: 'liggaren_append_bytes_total',
    help: 'Bytes of events sent to the store.',
    registers: [this.#registry],
  });
  readonly #reports = new Counter({
    name: 'liggaren_reports_total',
    help: 'Lines of the log, by what they are about: import-closed, import-refused, import-stopped, store-trouble …',
    labelNames: ['event'] as const,
    registers: [this.#registry],
  });
  readonly #children = new Map<string, Observed & Counted>();
  #waiting = 0;

  constructor() {
    for (const fate of IMPORT_FATES) this.#reports.inc({ event: `import-${fate}` }, 0); // there from the beginning: what is absent cannot rise
  }

  /** The log, whose lines are counted on their way. */
  counted(report: Report): Report {
    return (what, about = 'note', facts) => {
      this.#reports.inc({ event: about });
      report(what, about, facts);
    };
  }

  command(name: string): (outcome: CommandOutcome) => void {
    this.#waiting += 1;
    return (outcome) => {
      this.#waiting -= 1;
      this.#child(`c ${name} ${outcome}`, () => this.#commands.labels(name, outcome) as unknown as Observed & Counted).inc();
    };
  }

  append(_: number, records: number, bytes: number): (outcome: AppendOutcome) => void {
    const began = performance.now();
    return (outcome) => {
      this.#child(`a ${outcome}`, () => this.#appendTime.labels(outcome) as unknown as Observed & Counted).observe(
        (performance.now() - began) * MS,
      );
      this.#appendRecords.observe(records);
      this.#appendBytes.inc(bytes);
    };
  }

  /** After each answer. A path that is no route is counted under `unknown`: what somebody wrote there goes nowhere. */
  answered(request: FastifyRequest, reply: FastifyReply): void {
    const route = request.routeOptions.url ?? 'unknown';
    const status = String(reply.statusCode);
    this.#child(
      `r ${request.method} ${status} ${route}`,
      () => this.#requests.labels(request.method, route, status) as unknown as Observed & Counted,
    ).observe(reply.elapsedTime * MS);
  }

  /** What is read only when somebody asks. @param imports how many are under way */
  follow(folder: LedgerFolder, imports: () => number): void {
    const registers = [this.#registry];
    const gauge = (name: string, help: string, value: () => number): void => {
      const made: Gauge = new Gauge({ name, help, registers, collect: () => made.set(value()) });
    };
    gauge('liggaren_commands_waiting', 'Commands that have not been answered yet.', () => this.#waiting);
    gauge('liggaren_last_seq', 'The last event of the ledger that is known here; -1 when it is empty.', () => folder.seq);
    gauge('liggaren_store_up', 'Whether the store last did what it was asked.', () => (folder.store.trouble === null ? 1 : 0));
    gauge('liggaren_projector_up', 'Whether the read models last followed.', () => (folder.projection.trouble === null ? 1 : 0));
    gauge('liggaren_imports_under_way', 'Files that are being imported.', imports);
    gauge(
      'liggaren_imports_open',
      'Imports that are not done: under way, here or elsewhere, or stopped.',
      () => folder.commands.ledger.openImports.size,
    );
    const position = new Gauge({
      name: 'liggaren_projection_position',
      help: 'The last event that the answers have taken in.',
      labelNames: ['group'] as const,
      registers,
      collect: () => {
        for (const group of ['figures', 'lines'] as const) position.set({ group }, folder.projection.positions[group]);
      },
    });
    const lag = new Gauge({
      name: 'liggaren_projection_lag_events',
      help: 'How many events the answers lack.',
      labelNames: ['group'] as const,
      registers,
      collect: () => {
        for (const group of ['figures', 'lines'] as const) lag.set({ group }, Math.max(0, folder.seq - folder.projection.positions[group]));
      },
    });
    this.#process(gauge);
  }

  /** The text format, version 0.0.4. */
  text(): Promise<string> {
    return this.#registry.metrics();
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  #process(gauge: (name: string, help: string, value: () => number) => void): void {
    const started = Date.now() * MS - process.uptime();
    const cpu = new Counter({
      name: 'process_cpu_seconds_total',
      help: 'User and system time of the process.',
      registers: [this.#registry],
      collect: () => {
        const { user, system } = process.cpuUsage();
        cpu.reset();
        cpu.inc((user + system) / 1e6);
      },
    });
    gauge('process_start_time_seconds', 'When the process began, in seconds since 1970.', () => started);
    gauge('process_resident_memory_bytes', 'Memory that the process has.', () => process.memoryUsage.rss());
    gauge('nodejs_heap_used_bytes', 'Used of the heap of the main thread.', () => process.memoryUsage().heapUsed);
    let before = performance.eventLoopUtilization();
    gauge('nodejs_eventloop_utilization', 'Share of the time since the last question that the main thread worked.', () => {
      const now = performance.eventLoopUtilization();
      const { utilization } = performance.eventLoopUtilization(now, before);
      before = now;
      return Number.isFinite(utilization) ? utilization : 0;
    });
  }

  /** The labelled number, found by one text instead of by sorting labels each time. */
  #child(key: string, make: () => Observed & Counted): Observed & Counted {
    let child = this.#children.get(key);
    if (!child) this.#children.set(key, (child = make()));
    return child;
  }
}
