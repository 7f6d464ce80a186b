/** GET /metrics: the numbers of metrics.ts, where they are kept; a single verb of the terminal keeps none. */
import { Controller, Get, Inject, Res } from '@nestjs/common';
import { ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { refuse } from '#ledger';
import type { Metrics } from './metrics.js';

export const METRICS = Symbol('Metrics');

@ApiTags('ledger')
@Controller('metrics')
export class MetricsController {
  constructor(@Inject(METRICS) private readonly metrics: Metrics | null) {}

  @Get()
  @ApiProduces('text/plain')
  @ApiOperation({ summary: 'Numbers for Prometheus, in its text format; holds no personal data' })
  async all(@Res() reply: FastifyReply): Promise<void> {
    if (this.metrics === null) return refuse('route-unknown', { method: 'GET', path: '/metrics' });
    await reply.header('Content-Type', this.metrics.contentType).send(await this.metrics.text());
  }
}
