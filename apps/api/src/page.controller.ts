/** GET /: the start page, from the same answers as the reports. */
import { Controller, Get, Header, Inject, Query } from '@nestjs/common';
import { ApiExcludeController, ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, IsString, Matches } from 'class-validator';
import { Desk } from '#cqrs';
import { asPrintedTable, completeTable } from '#reports';
import { page } from './page.js';

class PageScope {
  @ApiPropertyOptional()
  @IsOptional()
  @IsString()
  scope?: string;

  @ApiPropertyOptional()
  @IsOptional()
  @Matches(/^\d{4}$/)
  year?: string;
}

/** The units whose tables are asked for most: those straight below the region, and the region itself. */
const SHOWN_KINDS = ['region', 'board', 'administration', 'unit'];

@ApiExcludeController()
@Controller()
export class PageController {
  constructor(@Inject(Desk) private readonly desk: Desk) {}

  @Get()
  @Header('Content-Type', 'text/html; charset=utf-8')
  @Header(
    'Content-Security-Policy',
    "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  )
  async start(@Query() { scope: asked, year: wanted }: PageScope): Promise<string> {
    const ledger = await this.desk.ask('ledger', []);
    const { rows: units } = await this.desk.ask('unitRegister', []);
    const year = wanted === undefined ? (ledger.years.at(-1) ?? new Date().getFullYear()) : Number(wanted);
    // The published tables are the executive board's; a region without that code starts with itself.
    const scope = asked ?? (ledger.demo && units.some(({ unit }) => unit === 'RS') ? 'RS' : ledger.region);
    const ordered = SHOWN_KINDS.flatMap((kind) => units.filter(({ versions }) => versions.at(-1)!.kind === kind));
    const net = ledger.years.length === 0 ? null : await this.desk.ask('net', [{ scope, year }]);
    const tables =
      net === null
        ? []
        : [
            { table: asPrintedTable(net), route: 'as-printed' },
            { table: completeTable(net, { unit: 'tkr' }), route: 'complete' },
          ];
    return page({ ledger, units: ordered, scope, year, tables });
  }
}
