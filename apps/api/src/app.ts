/**
 * The HTTP app over one ledger: made by the server (main.ts, `liggare serve`), by the CLI without a port (`inject`) and by
 * the tests. It listens on 127.0.0.1 and nowhere else, logs no request, and holds nothing outside itself.
 */
import 'reflect-metadata';
import { Module, type DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { SwaggerModule } from '@nestjs/swagger';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { LedgerFolder, LedgerModule, PROGRAM, type FolderOptions, type Report } from '#cqrs';
import { BODY_BYTES, Refusal, refuse } from '#ledger';
import { ExportsController } from './exports.controller.js';
import { FindingsController } from './findings.controller.js';
import { HintsController } from './hints.controller.js';
import { ImportsController, REPORT } from './imports.controller.js';
import { InputCheck } from './input.js';
import { parsedJson, readableCharset } from './json-body.js';
import { LedgerController } from './ledger.controller.js';
import { languageOf } from './language.js';
import type { Metrics } from './metrics.js';
import { METRICS, MetricsController } from './metrics.controller.js';
import { openApiDocument } from './openapi.js';
import { PageController } from './page.controller.js';
import { ProblemFilter } from './problem-filter.js';
import { problemOf, sendProblem } from './problem.js';
import { ProfilesController } from './profiles.controller.js';
import { RegisterController, SettingsController } from './register.controller.js';
import { ReportsController } from './reports.controller.js';
import { bothWatch, Traces } from './traces.js';
import { StartController } from './start.controller.js';
import { Trials } from './trials.js';
import { unread, UPLOAD_TYPES } from './uploads.js';
import { VouchersController } from './vouchers.controller.js';
import { Clerk } from './writing.js';

export const LOOPBACK = '127.0.0.1';

@Module({})
class ApiModule {
  static over(options: FolderOptions & { readonly report: Report }, metrics: Metrics | null): DynamicModule {
    return {
      module: ApiModule,
      imports: [LedgerModule.forRoot(options)],
      providers: [Clerk, Trials, { provide: METRICS, useValue: metrics }, { provide: REPORT, useValue: options.report }],
      controllers: [
        MetricsController,
        PageController,
        LedgerController,
        RegisterController,
        SettingsController,
        VouchersController,
        ImportsController,
        ProfilesController,
        FindingsController,
        HintsController,
        ExportsController,
        StartController,
        ReportsController,
      ],
    };
  }
}

export interface AppOptions extends FolderOptions {
  /** Measures, for GET /metrics, and traces where an exporter is configured: a server does, a single verb of the terminal does not. */
  readonly measured?: boolean;
}

/** The app, ready for `inject`. @throws Refusal `ledger-missing`, `ledger-held`, `store-unavailable` */
export async function openApp({ measured = false, ...asked }: AppOptions): Promise<NestFastifyApplication> {
  const metrics = measured ? new (await import('./metrics.js')).Metrics() : null;
  const traces = measured ? await Traces.configured() : null;
  const watch = metrics && traces ? bothWatch(metrics, traces) : metrics;
  const log = asked.report ?? (() => {});
  const options = { ...asked, report: metrics?.counted(log) ?? log };
  const filter = new ProblemFilter(options.report);
  const frameworkErrors = (error: Error, request: FastifyRequest, reply: FastifyReply) => filter.answer(error, request, reply);
  const adapter = new FastifyAdapter({ logger: false, bodyLimit: BODY_BYTES, frameworkErrors });
  const app = await NestFactory.create<NestFastifyApplication>(ApiModule.over({ watch, ...options }, metrics), adapter, {
    logger: false,
    abortOnError: false,
    bodyParser: false,
  });
  try {
    const fastify = adapter.getInstance() as unknown as FastifyInstance;
    fastify.removeAllContentTypeParsers();
    fastify.addContentTypeParser('application/json', { parseAs: 'buffer', bodyLimit: BODY_BYTES }, (request, body, done) => {
      try {
        readableCharset(request.headers['content-type']);
        done(null, parsedJson(body as Buffer));
      } catch (error) {
        done(error as Error);
      }
    });
    fastify.addContentTypeParser(UPLOAD_TYPES, unread);
    fastify.addHook('onRequest', (request, reply, done) => {
      void reply.header('X-Content-Type-Options', 'nosniff').header('Cache-Control', 'no-store');
      const foreign = foreignOrigin(request);
      if (foreign === null) return done();
      sendProblem(
        reply,
        problemOf(new Refusal('request-foreign', { origin: foreign.slice(0, 200) }), languageOf(request.headers['accept-language'])),
      );
    });
    if (metrics) {
      metrics.follow(app.get(LedgerFolder), () => app.get(ImportsController).underWay);
      fastify.addHook('onResponse', (request, reply, done) => {
        metrics.answered(request, reply);
        done();
      });
    }
    if (traces) {
      traces.follow(fastify);
      fastify.addHook('onClose', () => traces.close());
    }
    app.useGlobalPipes(new InputCheck());
    app.useGlobalFilters(filter);
    SwaggerModule.setup('api', app, () => openApiDocument(app, PROGRAM.split(' ')[1]!), { customSiteTitle: 'Liggaren – API' });
    await app.init();
    await fastify.ready();
    return app;
  } catch (error) {
    await app.close();
    throw error;
  }
}

/** Listens, tells the folder's lock where, and carries on with imports that had stopped. @returns the address · refuses `address-not-loopback`, `store-unavailable` */
export async function listen(
  app: NestFastifyApplication,
  { port, host = LOOPBACK }: { readonly port: number; readonly host?: string },
): Promise<string> {
  if (host !== LOOPBACK) refuse('address-not-loopback', { address: host });
  await app.listen(port, LOOPBACK);
  const { port: given } = app.getHttpServer().address() as { port: number };
  const address = `http://${LOOPBACK}:${given}`;
  const folder = app.get(LedgerFolder);
  folder.announce(address);
  folder.resumeImports();
  folder.linesAhead.start();
  return address;
}

/**
 * Who asks on behalf of another site, or null. Nobody signs in yet, so a page elsewhere must not be able to post through the
 * user's browser: neither across origins, nor by a name that somebody points at 127.0.0.1.
 */
function foreignOrigin({ headers, method }: FastifyRequest): string | null {
  const { host = '', origin } = headers;
  if (!/^(?:127\.0\.0\.1|localhost|\[::1\])(?::\d+)?$/.test(host)) return host || '–';
  if (origin !== undefined && method !== 'GET' && method !== 'HEAD' && origin !== `http://${host}`) return origin;
  return null;
}
