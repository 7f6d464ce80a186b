/** What may be asked of a report. Which parameters a report uses is said at its route; one it cannot use is refused. */
import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsOptional, IsString, Matches } from 'class-validator';
import type { Asked, LinesAsked } from '#projections';
import { limitOf, PageQuery } from './paged.js';

const FORMATS = ['json', 'csv', 'table'] as const;
const MONEY_UNITS = ['kr', 'tkr', 'mkr'] as const;
const EFFECTS = ['received', 'recognised', 'both', 'cost', 'reallocated', 'repaid', 'none'] as const;

export class FormatQuery extends PageQuery {
  @ApiPropertyOptional({ enum: FORMATS, description: 'json, csv (UTF-8 with BOM, semicolons) or table (text); else by Accept.' })
  @IsOptional()
  @IsIn([...FORMATS])
  format?: (typeof FORMATS)[number];

  @ApiPropertyOptional({ enum: MONEY_UNITS, description: 'The unit of csv and table; json is always kronor.' })
  @IsOptional()
  @IsIn([...MONEY_UNITS])
  unit?: (typeof MONEY_UNITS)[number];
}

export class ScopeQuery extends FormatQuery {
  @ApiPropertyOptional({ description: 'A unit and everything below it; the whole region where left out.', example: 'RS' })
  @IsOptional()
  @IsString()
  scope?: string;

  @ApiPropertyOptional({ type: 'integer', description: 'The latest year with lines that has begun where left out.', example: 2023 })
  @IsOptional()
  @Matches(/^\d{4}$/)
  year?: string;

  @ApiPropertyOptional({ description: 'Last period counted; the whole year with its closing periods where left out.', example: '2023-05' })
  @IsOptional()
  @IsString()
  through?: string;

  @ApiPropertyOptional({ description: 'First period counted; January where left out.', example: '2023-01' })
  @IsOptional()
  @IsString()
  from?: string;
}

export class GrantScopeQuery extends ScopeQuery {
  @ApiPropertyOptional({ description: 'One grant only.', example: '9916' })
  @IsOptional()
  @IsString()
  grant?: string;
}

export class LinesQuery extends GrantScopeQuery {
  @ApiPropertyOptional({ example: '7550' })
  @IsOptional()
  @IsString()
  account?: string;

  @ApiPropertyOptional({ example: '9916-2023-1' })
  @IsOptional()
  @IsString()
  decision?: string;

  @ApiPropertyOptional({ enum: EFFECTS })
  @IsOptional()
  @IsIn([...EFFECTS])
  effect?: (typeof EFFECTS)[number];

  @ApiPropertyOptional({ type: String, description: 'The next of the page before.' })
  @IsOptional()
  @IsString()
  declare after?: string;
}

/** The scope and the time asked about. */
export function askedOf({ scope, year, from, through }: ScopeQuery): Asked {
  return {
    ...(scope ? { scope } : {}),
    ...(year ? { year: Number(year) } : {}),
    ...(from ? { fromPeriod: from } : {}),
    ...(through ? { through } : {}),
  };
}

/** The lines asked about. */
export function linesAsked(query: LinesQuery): LinesAsked {
  const { grant, account, decision, effect, after } = query;
  const given = Object.fromEntries(Object.entries({ grant, account, decision, effect, after }).filter(([, value]) => value !== undefined));
  return { ...askedOf(query), ...given, limit: limitOf(query) };
}

export class YearQuery extends FormatQuery {
  @ApiPropertyOptional({ type: 'integer', description: 'The latest year with lines that has begun where left out.', example: 2023 })
  @IsOptional()
  @Matches(/^\d{4}$/)
  year?: string;
}

export class JournalQuery extends FormatQuery {
  @ApiPropertyOptional({ type: String, description: 'The next of the page before.', example: '412.0' })
  @IsOptional()
  @Matches(/^\d{1,15}\.\d{1,9}$/)
  declare after?: string;
}

/** Where in the journal a page begins. */
export function journalPlace(after: string | undefined): { readonly fromSeq?: number; readonly fromIndex?: number } {
  if (after === undefined) return {};
  const [fromSeq, fromIndex] = after.split('.').map(Number);
  return { fromSeq: fromSeq!, fromIndex: fromIndex! };
}

export class AsPrintedQuery extends ScopeQuery {
  @ApiPropertyOptional({
    type: 'integer',
    description: 'How many codes each side names: 10 in the annual report (and where left out), 3 in the May report.',
  })
  @IsOptional()
  @Matches(/^\d{1,3}$/)
  top?: string;
}

/** The format asked for by `format`, else by Accept. */
export function formatOf({ format }: FormatQuery, accept: string | undefined): 'json' | 'csv' | 'table' {
  if (format) return format;
  if (accept?.includes('text/csv')) return 'csv';
  return accept?.includes('text/plain') ? 'table' : 'json';
}
