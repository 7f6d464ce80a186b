/** The door to what imports found worth a look: each stays in the list until somebody settles it and says why. */
import { Body, Controller, Get, Inject, Post, Query, Req } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Desk } from '#cqrs';
import { isRefusalName, refuse, refusalNames, ROWS_LISTED, SettleFindings } from '#ledger';
import { FindingsQuery, SettlementDto } from './findings.dto.js';
import { languageOf } from './language.js';
import { Reads, Writes } from './openapi.js';
import { limitOf } from './paged.js';
import { said } from './said.js';
import { since } from './since.js';
import { Asks, Clerk, type Asking } from './writing.js';

/** Kinds of findings by name; those of a file's reader (`sie-…`) are kinds too. */
const KINDS = refusalNames().filter((name) => /^finding-(?!unknown$|settled$)/.test(name));

@ApiTags('findings')
@Controller('findings')
export class FindingsController {
  constructor(
    @Inject(Clerk) private readonly clerk: Clerk,
    @Inject(Desk) private readonly desk: Desk,
  ) {}

  @Post('settlements')
  @Writes('Settle findings: those named, or all open ones of a kind in an import')
  async settle(@Body() { findings, import: id, kind, reason }: SettlementDto, @Asks() asking: Asking) {
    return this.clerk.act(new SettleFindings({ findings: findings ?? (await this.open(id, kind)), reason }), asking);
  }

  @Get()
  @Reads('What the imports found worth a look and nobody has settled yet')
  async findings(@Query() query: FindingsQuery, @Req() request: FastifyRequest) {
    const { import: id, kind, after } = query;
    await this.known(id, kind, since(query));
    const named = Object.fromEntries(Object.entries({ import: id, kind, after }).filter(([, value]) => value !== undefined));
    const asked = { ...named, all: query.all === 'true' };
    const { rows, ...rest } = await this.desk.ask('findings', [{ ...asked, limit: limitOf(query) }], since(query));
    return { ...rest, rows: rows.map(said(languageOf(request.headers['accept-language']))) };
  }

  /** The ids of an import's open findings of a kind · refuses `field-missing`. */
  private async open(id: string | undefined, kind: string | undefined): Promise<string[]> {
    if (id === undefined || kind === undefined) return refuse('field-missing', { field: id === undefined ? 'findings' : 'kind' });
    const { rows } = await this.desk.ask('findings', [{ import: id, kind, all: false, limit: ROWS_LISTED }]);
    return rows.map(({ finding: _, ...row }) => row.id);
  }

  /** Refuses `not-found` (the import), `choice-unknown` (the kind). */
  private async known(id: string | undefined, kind: string | undefined, minSeq: number | undefined): Promise<void> {
    if (kind !== undefined && !isRefusalName(kind))
      refuse('choice-unknown', { field: 'kind', value: kind.slice(0, 40), choices: KINDS.join(', ') });
    if (id === undefined) return;
    const { rows } = await this.desk.ask('imports', [], minSeq);
    if (!rows.some((row) => row.import === id)) refuse('not-found', { what: 'import', code: id.slice(0, 40) });
  }
}
