/** The one filter: whatever a request ends in, it leaves as problem+json. Also called where Fastify answers before Nest. */
import { Catch, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { languageOf } from './language.js';
import type { Report } from '#cqrs';
import { faultOf } from './log.js';
import { problemOf, refusalOf, sendProblem } from './problem.js';
import { wantedBy } from './uploads.js';

@Catch()
export class ProblemFilter implements ExceptionFilter {
  /** @param report told of faults of ours, which users see only by their reference */
  constructor(private readonly report: Report) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    this.answer(error, http.getRequest<FastifyRequest>(), http.getResponse<FastifyReply>());
  }

  answer(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
    const refusal = refusalOf(error, {
      method: request.method,
      url: request.url,
      type: request.headers['content-type'],
      wanted: wantedBy(request),
    });
    if (refusal.refusal === 'internal-error') {
      const { reference } = refusal.facts;
      this.report(`${String(reference)} ${faultOf(error)}`, 'internal-error', { reference: String(reference) });
    }
    sendProblem(reply, problemOf(refusal, languageOf(request.headers['accept-language'])));
  }
}
