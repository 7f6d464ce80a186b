/** The door to the reports. Each is one question; the paper (csv or table) is made by libs/reports from the same answer. */
import { Controller, Get, Inject, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Desk } from '#cqrs';
import { Reads } from './openapi.js';
import { limitOf } from './paged.js';
import {
  askedOf,
  FormatQuery,
  GrantScopeQuery,
  JournalQuery,
  journalPlace,
  LinesQuery,
  linesAsked,
  ScopeQuery,
  YearQuery,
} from './reports.dto.js';
import { since } from './since.js';
import { wire } from './wire.js';

@ApiTags('reports')
@Controller('reports')
export class ReportsController {
  constructor(@Inject(Desk) private readonly desk: Desk) {}

  @Get('net')
  @Reads('Per grant: received, recognised, reallocated, spent, repaid, net and the verdict')
  async net(@Query() query: ScopeQuery) {
    return wire(await this.desk.ask('net', [askedOf(query)], since(query)));
  }

  @Get('units')
  @Reads('The unit tree with the same figures, each unit alone and with what lies below')
  async units(@Query() query: GrantScopeQuery) {
    return wire(await this.desk.ask('units', [{ ...askedOf(query), grant: query.grant }], since(query)));
  }

  @Get('periods')
  @Reads('Period by period, and cumulatively')
  async periods(@Query() query: GrantScopeQuery) {
    return wire(await this.desk.ask('periods', [{ ...askedOf(query), grant: query.grant }], since(query)));
  }

  @Get('neutrality')
  @Reads('Which grants are result-neutral, towards the state and in the scope, and why not')
  async neutrality(@Query() query: ScopeQuery) {
    return wire(await this.desk.ask('neutrality', [askedOf(query)], since(query)));
  }

  @Get('ledger')
  @Reads('The general ledger (huvudbok): by grant, account, unit, period')
  async ledger(@Query() query: LinesQuery) {
    return wire(await this.desk.ask('ledgerLines', [linesAsked(query)], since(query)));
  }

  @Get('journal')
  @Reads('The journal (grundbok): in the order of registration')
  async journal(@Query() query: JournalQuery) {
    const place = journalPlace(query.after);
    const { next, ...answer } = await this.desk.ask('journal', [{ ...place, limit: limitOf(query) }], since(query));
    return { ...(wire(answer) as object), next: next && `${next.seq}.${next.index}` };
  }

  @Get('without-grant-code')
  @Reads('Income and cost lines without a grant code (saknar bidragskod)')
  async withoutGrantCode(@Query() query: LinesQuery) {
    return wire(await this.desk.ask('withoutGrantCode', [linesAsked(query)], since(query)));
  }

  @Get('unallotted')
  @Reads('Awarded less allotted, per decision of the year')
  async unallotted(@Query() query: YearQuery) {
    const year = query.year === undefined ? (await this.desk.ask('ledger', [], since(query))).years.at(-1) : Number(query.year);
    return wire(await this.desk.ask('unallotted', [{ year: year ?? new Date().getFullYear() }], since(query)));
  }

  @Get('completeness')
  @Reads('Whether journal, general ledger and figures hold the same money')
  async completeness(@Query() query: FormatQuery) {
    return wire(await this.desk.ask('completeness', [], since(query)));
  }
}
