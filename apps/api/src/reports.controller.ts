/** The door to the reports. Each is one question; the paper (csv or table) is made from the same answer. */
import { Controller, Get, Inject, Query, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Desk } from '#cqrs';
import { asPrintedTable, completeTable, csv, jsonTable, textTable, type MoneyUnit, type Table } from '#reports';
import { completenessCsv, completenessText, journalCsv, journalText } from './books.js';
import { languageOf } from './language.js';
import { Reads } from './openapi.js';
import { limitOf } from './paged.js';
import { linesPaper, neutralityPaper, periodsPaper, unallottedPaper, uncodedPaper, unitsPaper, type PaperOptions } from './papers.js';
import {
  askedOf,
  AsPrintedQuery,
  FormatQuery,
  formatOf,
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

  @Get('as-printed')
  @Reads('The table as the region prints it: totals first, the largest codes of each side, the rest in 99**')
  async asPrinted(@Query() query: AsPrintedQuery, @Req() request: FastifyRequest, @Res() reply: FastifyReply) {
    const net = await this.desk.ask('net', [askedOf(query)], since(query));
    const table = (options: PaperOptions) => asPrintedTable(net, { ...options, ...(query.top ? { top: Number(query.top) } : {}) });
    return answer(request, reply, query, 'tkr', table, (options) => jsonTable(table(options)));
  }

  @Get('complete')
  @Reads('Each code on both sides with its net and verdict, with and without what is exempt')
  async complete(@Query() query: ScopeQuery, @Req() request: FastifyRequest, @Res() reply: FastifyReply) {
    const net = await this.desk.ask('net', [askedOf(query)], since(query));
    return answer(
      request,
      reply,
      query,
      'kr',
      (options) => completeTable(net, options),
      (options) => jsonTable(completeTable(net, options)),
    );
  }

  @Get('net')
  @Reads('Per grant: received, recognised, reallocated, spent, repaid, net and the verdict')
  async net(@Query() query: ScopeQuery, @Req() request: FastifyRequest, @Res() reply: FastifyReply) {
    const net = await this.desk.ask('net', [askedOf(query)], since(query));
    return answer(
      request,
      reply,
      query,
      'kr',
      (options) => completeTable(net, options),
      () => wire(net),
    );
  }

  @Get('units')
  @Reads('The unit tree with the same figures, each unit alone and with what lies below')
  async units(@Query() query: GrantScopeQuery, @Req() request: FastifyRequest, @Res() reply: FastifyReply) {
    const units = await this.desk.ask(
      'units',
      [{ ...askedOf(query), ...(query.grant === undefined ? {} : { grant: query.grant }) }],
      since(query),
    );
    return answer(
      request,
      reply,
      query,
      'kr',
      (options) => unitsPaper(units, options),
      () => wire(units),
    );
  }

  @Get('periods')
  @Reads('Period by period, and cumulatively')
  async periods(@Query() query: GrantScopeQuery, @Req() request: FastifyRequest, @Res() reply: FastifyReply) {
    const periods = await this.desk.ask(
      'periods',
      [{ ...askedOf(query), ...(query.grant === undefined ? {} : { grant: query.grant }) }],
      since(query),
    );
    return answer(
      request,
      reply,
      query,
      'kr',
      (options) => periodsPaper(periods, options),
      () => wire(periods),
    );
  }

  @Get('neutrality')
  @Reads('Which grants are result-neutral, towards the state and in the scope, and why not')
  async neutrality(@Query() query: ScopeQuery, @Req() request: FastifyRequest, @Res() reply: FastifyReply) {
    const neutrality = await this.desk.ask('neutrality', [askedOf(query)], since(query));
    return answer(
      request,
      reply,
      query,
      'kr',
      (options) => neutralityPaper(neutrality, options),
      () => wire(neutrality),
    );
  }

  @Get('ledger')
  @Reads('The general ledger (huvudbok): by grant, account, unit, period')
  async ledger(@Query() query: LinesQuery, @Req() request: FastifyRequest, @Res() reply: FastifyReply) {
    const lines = await this.desk.ask('ledgerLines', [linesAsked(query)], since(query));
    return answer(
      request,
      reply,
      query,
      'kr',
      (options) => linesPaper(lines, options),
      () => wire(lines),
    );
  }

  @Get('without-grant-code')
  @Reads('Income and cost lines without a grant code (saknar bidragskod)')
  async withoutGrantCode(@Query() query: LinesQuery, @Req() request: FastifyRequest, @Res() reply: FastifyReply) {
    const lines = await this.desk.ask('withoutGrantCode', [linesAsked(query)], since(query));
    return answer(
      request,
      reply,
      query,
      'kr',
      (options) => uncodedPaper(lines, options),
      () => wire(lines),
    );
  }

  @Get('unallotted')
  @Reads('Awarded less allotted, per decision of the year')
  async unallotted(@Query() query: YearQuery, @Req() request: FastifyRequest, @Res() reply: FastifyReply) {
    const { year: latest, region, name } = await this.desk.ask('ledger', [], since(query));
    const year = query.year === undefined ? latest : Number(query.year);
    const unallotted = await this.desk.ask('unallotted', [{ year }], since(query));
    return answer(
      request,
      reply,
      query,
      'kr',
      (options) => unallottedPaper(unallotted, { unit: region, name }, options),
      () => wire(unallotted),
    );
  }

  @Get('journal')
  @Reads('The journal (grundbok): in the order of registration')
  async journal(@Query() query: JournalQuery, @Req() request: FastifyRequest, @Res() reply: FastifyReply) {
    const { next, ...journal } = await this.desk.ask('journal', [{ ...journalPlace(query.after), limit: limitOf(query) }], since(query));
    const after = next && `${next.seq}.${next.index}`;
    const format = formatOf(query, request.headers.accept);
    if (format === 'json') return void reply.send({ ...(wire(journal) as object), next: after });
    send(
      reply,
      format,
      format === 'csv' ? journalCsv(journal) : journalText(journal, after, languageOf(request.headers['accept-language'])),
    );
  }

  @Get('completeness')
  @Reads('Whether journal, general ledger and figures hold the same money')
  async completeness(@Query() query: FormatQuery, @Req() request: FastifyRequest, @Res() reply: FastifyReply) {
    const completeness = await this.desk.ask('completeness', [], since(query));
    const format = formatOf(query, request.headers.accept);
    if (format === 'json') return void reply.send(wire(completeness));
    const text =
      format === 'csv' ? completenessCsv(completeness) : completenessText(completeness, languageOf(request.headers['accept-language']));
    send(reply, format, text);
  }
}

/** Answers in the format asked for, the paper in the unit asked for. */
function answer(
  request: FastifyRequest,
  reply: FastifyReply,
  query: FormatQuery,
  unit: MoneyUnit,
  paper: (options: PaperOptions) => Table,
  json: (options: PaperOptions) => unknown,
): void {
  const options = { unit: query.unit ?? unit, language: languageOf(request.headers['accept-language']) };
  const format = formatOf(query, request.headers.accept);
  if (format === 'json') void reply.send(json(options));
  else send(reply, format, format === 'csv' ? csv(paper(options)) : textTable(paper(options)));
}

function send(reply: FastifyReply, format: 'csv' | 'table', text: string): void {
  void reply.header('Content-Type', format === 'csv' ? 'text/csv; charset=utf-8' : 'text/plain; charset=utf-8').send(text);
}
