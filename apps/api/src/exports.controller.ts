/** The door out: the books as SIE for other systems, and their lines as a tidy CSV for Power BI and Stratsys. Streamed, true at one seq. */
import { applyDecorators, Controller, Get, Inject, Query, Req, Res } from '@nestjs/common';
import { ApiOkResponse, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Readable } from 'node:stream';
import { LedgerFolder, PROGRAM } from '#cqrs';
import { isBook, period as checkedPeriod, refuse, yearOf } from '#ledger';
import type { Books } from '#projections';
import { exportDimensions, exportProfile, leftOutOf, linesCsv, sieExport, type SieAsked } from '#reports';
import { ExportProfileQuery, LinesExportQuery, SieKindQuery, SieQuery, type ExportQuery } from './exports.dto.js';
import { languageOf } from './language.js';
import { Reads } from './openapi.js';
import { since } from './since.js';

const [PROGRAM_NAME = '', VERSION = ''] = PROGRAM.split(' ');
/** Names the books that were left out of the file. */
const LEFT_OUT = 'Liggaren-Left-Out';
const SIE = 'application/octet-stream';
/** How long a file waits for its lines, which follow behind a large import: less than a client waits for the first byte (Node's fetch: 5 min). */
const PATIENCE_MS = 2 * 60_000;
const WAITS = 'The file, true at one seq: it holds all that was durable when it was asked for, and waits for that for at most two minutes.';
/** A file, and which books are not in it. */
const Sends = (type: string) =>
  applyDecorators(
    ApiProduces(type),
    ApiOkResponse({
      description: WAITS,
      headers: {
        [LEFT_OUT]: {
          description: 'Books that were left out, with commas: selections, which are no whole vouchers.',
          schema: { type: 'string' },
        },
      },
    }),
  );

@ApiTags('exports')
@Controller('exports')
export class ExportsController {
  constructor(@Inject(LedgerFolder) private readonly folder: LedgerFolder) {}

  @Get('sie')
  @Reads('The books as SIE 4E or 4I (CP437): unit in dimension 1, the grant in 20')
  @Sends(SIE)
  async sie(@Query() { kind = '4E', ...query }: SieKindQuery, @Res() reply: FastifyReply): Promise<void> {
    await this.sendSie(kind, query, reply);
  }

  @Get('selection')
  @Reads('The sums of the books as SIE type 3 (#PSALDO with objects), also of a selection, which is no whole vouchers')
  @ApiProduces(SIE)
  @ApiOkResponse({ description: WAITS })
  async selection(@Query() query: SieQuery, @Res() reply: FastifyReply): Promise<void> {
    await this.sendSie('3', query, reply);
  }

  @Get('profile')
  @Reads('The profile that reads a SIE file of ours back, as POST /profiles takes it: the same figures, codes and references')
  profile(@Query() { book, dimension }: ExportProfileQuery) {
    if (!isBook(book)) refuse('book-malformed', { book: book.slice(0, 40) });
    return exportProfile(book, exportDimensions(dimension === undefined ? {} : { grant: dimension }));
  }

  @Get('csv')
  @Reads('Every line as a tidy table: UTF-8 with BOM, semicolons, decimal comma, and the amount in öre')
  @ApiProduces('text/csv')
  @ApiOkResponse({ description: WAITS })
  async csv(@Query() query: LinesExportQuery, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const { scope, grant } = query;
    const time = timeOf(query);
    for (const period of [query.from, query.through])
      if (period !== undefined && yearOf(period) !== time.year) refuse('period-outside-year', { period, year: time.year }); // rows, of calendar years
    const asked = { ...time, ...given({ scope, grant }), language: languageOf(request.headers['accept-language']) };
    await this.send(reply, query, 'text/csv; charset=utf-8', `rader-${query.year}.csv`, (books) => linesCsv(books, asked));
  }

  private sendSie(kind: SieAsked['kind'], query: SieQuery, reply: FastifyReply): Promise<void> {
    const { dimension, checksum } = query;
    const asked = {
      kind,
      ...timeOf(query),
      ...(dimension === undefined ? {} : { dimensions: { grant: dimension } }),
      checksum: checksum === 'true',
    };
    const maker = { program: PROGRAM_NAME, version: VERSION, day: new Date().toISOString().slice(0, 10) };
    const name = `liggaren-${query.year}-${kind}.${kind === '4I' ? 'si' : 'se'}`;
    return this.send(reply, query, SIE, name, (books) => {
      const without = leftOutOf(books, asked);
      if (without.length > 0) void reply.header(LEFT_OUT, without.join(','));
      return sieExport(books, { ...asked, without }, maker);
    });
  }

  /** Sends what is made bit by bit; what can be refused is refused before the first bit goes out. */
  private async send(
    reply: FastifyReply,
    query: ExportQuery,
    type: string,
    name: string,
    make: (books: Books) => Generator<Uint8Array | string>,
  ): Promise<void> {
    await this.folder.reach(since(query) ?? this.folder.seq, 'lines', PATIENCE_MS); // a file is handed on: it holds all that was durable when it was asked for
    const books = this.folder.answers.books();
    const bits = make(books);
    let first;
    try {
      if (query.book !== undefined && !books.has(query.book)) refuse('not-found', { what: 'book', code: query.book.slice(0, 40) });
      first = bits.next();
    } catch (error) {
      books.close();
      throw error;
    }
    function* all() {
      try {
        if (!first!.done) yield first!.value;
        yield* bits;
      } finally {
        books.close();
      }
    }
    await reply
      .header('Content-Type', type)
      .header('Content-Disposition', `attachment; filename="${name}"`)
      .send(Readable.from(all(), { objectMode: false }));
  }
}

/** Year, periods and book as the exports ask for them · refuses `period-malformed`, `period-range-malformed`. */
function timeOf({ year: text, from, through, book }: ExportQuery) {
  const year = Number(text);
  for (const period of [from, through]) if (period !== undefined) checkedPeriod(period);
  if (from !== undefined && through !== undefined && from > through) refuse('period-range-malformed', { from, through });
  return { year, ...given({ fromPeriod: from, through, book }) };
}

/** Without what is left out. */
const given = <T extends object>(fields: T) =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as { [K in keyof T]?: Exclude<T[K], undefined> };
