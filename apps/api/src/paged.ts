/** Lists are answered in pages: `limit` rows after `after`, with the `after` of the next page. */
import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, Matches } from 'class-validator';
import type { Listed } from '#projections';
import { refuse, ROWS_LISTED } from '#ledger';
import { SinceQuery } from './since.js';
import { wire } from './wire.js';

const ROWS_AT_FIRST = 1_000;

export class PageQuery extends SinceQuery {
  @ApiPropertyOptional({ type: 'integer', description: `Rows at most, 1 to ${ROWS_LISTED}; ${ROWS_AT_FIRST} where left out.` })
  @IsOptional()
  @Matches(/^-?\d{1,15}$/)
  limit?: string;

  @ApiPropertyOptional({ type: String, description: 'The next of the page before.' })
  @IsOptional()
  @Matches(/^\d{1,15}$/)
  after?: string;
}

/** The number of rows asked for · refuses `field-out-of-range`. */
export function limitOf({ limit }: { readonly limit?: string }): number {
  const rows = Number(limit ?? ROWS_AT_FIRST);
  return rows >= 1 && rows <= ROWS_LISTED ? rows : refuse('field-out-of-range', { field: 'limit', least: 1, most: ROWS_LISTED });
}

/** One page of a list, as JSON. */
export function paged<T>({ rows, ...rest }: Listed<T>, query: PageQuery): object {
  const from = Number(query.after ?? 0);
  const to = from + limitOf(query);
  return { ...rest, rows: wire(rows.slice(from, to)), next: to < rows.length ? String(to) : null };
}
