/** GET / and /open-findings: the pages that people read, from the same answers as the reports. */
import { Controller, Get, Header, Inject, Query, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Desk, LedgerFolder } from '#cqrs';
import { Refusal, refuse } from '#ledger';
import { asPrintedTable, completeTable } from '#reports';
import { FINDINGS_A_PAGE, findingsPage } from './findings-page.js';
import { page, refusalPage, WHOLE_YEAR, type PageContent } from './page.js';
import { statusOf } from './problem.js';

type PageAsked = { readonly scope?: string; readonly year?: string; readonly month?: string; readonly [other: string]: string | undefined };

const HTML = 'text/html; charset=utf-8';
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
/** How many codes a side names in an interim report, as the May report does. */
const TOP_IN_INTERIM = 3;
/** The order in which scopes are offered. */
const KINDS = ['region', 'board', 'administration', 'unit'];

@ApiExcludeController()
@Controller()
export class PageController {
  constructor(
    @Inject(Desk) private readonly desk: Desk,
    @Inject(LedgerFolder) private readonly folder: LedgerFolder,
  ) {}

  @Get()
  @Header('Content-Type', HTML)
  @Header('Content-Security-Policy', POLICY)
  start(@Query() query: PageAsked, @Res({ passthrough: true }) reply: FastifyReply): Promise<string> {
    return readable(reply, async () => page(await this.content(query)));
  }

  @Get('open-findings')
  @Header('Content-Type', HTML)
  @Header('Content-Security-Policy', POLICY)
  openFindings(
    @Query() { after, ...others }: { readonly after?: string; readonly [other: string]: string | undefined },
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    return readable(reply, async () => {
      onlyKnown(others);
      if (after !== undefined && !/^\d{1,15}\.\d{1,9}$/.test(after)) refuse('finding-unknown', { finding: after.slice(0, 40) });
      const ledger = await this.desk.ask('ledger', [], this.seq);
      return findingsPage(await this.desk.ask('findings', [{ limit: FINDINGS_A_PAGE, ...(after !== undefined && { after }) }]), ledger);
    });
  }

  /** A page shows what was durable when it was asked for, and while the store is away what there is. */
  private get seq(): number | undefined {
    return this.folder.store.trouble ? undefined : this.folder.seq;
  }

  /** Refuses `field-unknown`, `year-malformed`, `period-malformed`, `unit-unknown`. */
  private async content({ scope: asked, year: wanted, month = WHOLE_YEAR, ...others }: PageAsked): Promise<PageContent> {
    onlyKnown(others);
    if (wanted !== undefined && !/^\d{4}$/.test(wanted)) refuse('year-malformed', { year: wanted.slice(0, 40) });
    if (!/^(0[1-9]|1[0-6])$/.test(month)) refuse('period-malformed', { period: month.slice(0, 40) });
    const ledger = await this.desk.ask('ledger', [], this.seq);
    const { rows: units } = await this.desk.ask('unitRegister', []);
    const year = wanted === undefined ? ledger.year : Number(wanted);
    // The published tables are the executive board's; a real region starts with itself.
    const scope = asked ?? (ledger.demo && units.some(({ unit }) => unit === 'RS') ? 'RS' : ledger.region);
    const ordered = KINDS.flatMap((kind) => units.filter(({ versions }) => versions.at(-1)!.kind === kind));
    const { count: openFindings } = await this.desk.ask('findings', [{ limit: 1 }]);
    if (ledger.years.length === 0) return { ledger, units: ordered, scope, year, month, openFindings, tables: [] };
    const net = await this.desk.ask('net', [{ scope, year, through: `${year}-${month}` }]);
    const tables = [
      { table: asPrintedTable(net, month === WHOLE_YEAR ? {} : { top: TOP_IN_INTERIM }), route: 'as-printed' },
      { table: completeTable(net, { unit: 'tkr' }), route: 'complete' },
    ];
    return { ledger, units: ordered, scope, year, month, openFindings, tables };
  }
}

/** Refuses `field-unknown` for what no page asks. */
function onlyKnown(others: object): void {
  for (const field of Object.keys(others)) refuse('field-unknown', { field: field.slice(0, 40) });
}

/** The page; a person reads it, so a no comes as a page, too. */
async function readable(reply: FastifyReply, made: () => Promise<string>): Promise<string> {
  try {
    return await made();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    void reply.status(statusOf(error.refusal));
    return refusalPage(error.in('sv'));
  }
}
