/**
 * The door to imports: a file comes in as a stream, is read in a worker thread and enters whole or not at all. While it is
 * under way, GET /imports tells how far it has come. The ledger itself sees to that no file enters twice.
 */
import { Body, Controller, Get, Inject, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiOperation, ApiQuery, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { randomUUID } from 'node:crypto';
import { Desk, LedgerFolder, type ImportProgress, type Report } from '#cqrs';
import { AbandonImport, kronor, RecordControlTotals, Refusal, refuse } from '#ledger';
import { AbandonmentDto, ControlTotalsDto, totalsOf } from './imports.dto.js';
import { readableCharset } from './json-body.js';
import { languageOf } from './language.js';
import { Reads, Writes } from './openapi.js';
import { said } from './said.js';
import { limitOf, paged, PageQuery } from './paged.js';
import { since } from './since.js';
import { wire } from './wire.js';
import { askingOf, Asks, Clerk, type Asking } from './writing.js';

/** Where the log is handed in. */
export const REPORT = Symbol('Report');

const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
/** What uploads may be sent as. What a file is, is seen in its bytes. */
export const UPLOAD_TYPES = ['application/octet-stream', 'text/csv', 'text/plain', XLSX];
const MEDIA_TYPES = { csv: 'text/csv', sie: 'application/octet-stream', xlsx: XLSX } as const;

@ApiTags('imports')
@Controller('imports')
export class ImportsController {
  readonly #underWay = new Map<
    string,
    { readonly key: string; readonly file: string; readonly book: string; readonly year: number; progress: ImportProgress | null }
  >();

  constructor(
    @Inject(Clerk) private readonly clerk: Clerk,
    @Inject(Desk) private readonly desk: Desk,
    @Inject(LedgerFolder) private readonly folder: LedgerFolder,
    @Inject(REPORT) private readonly report: Report,
  ) {}

  /** How many files are being imported. */
  get underWay(): number {
    return this.#underWay.size;
  }

  @Post()
  @Writes(
    'Import a month’s file of vouchers (CSV) from the ERP, whole or not at all',
    'Names the import while it is under way. A file is known by its hash, and never imported twice.',
  )
  @ApiConsumes(...UPLOAD_TYPES)
  @ApiBody({ description: 'The file’s bytes, of any size.', schema: { type: 'string', format: 'binary' } })
  @ApiQuery({ name: 'book', example: 'erp' })
  @ApiQuery({ name: 'year', example: 2023 })
  @ApiQuery({ name: 'name', example: '2023-05.csv', description: 'The name the file is known by.' })
  @ApiQuery({ name: 'format', required: false, enum: ['csv'] })
  async import(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply) {
    try {
      return await this.imported(request, reply);
    } finally {
      await readToEnd(request.body);
    }
  }

  private async imported(request: FastifyRequest, reply: FastifyReply) {
    const { key = randomUUID(), dryRun, language } = askingOf(request, reply, ['book', 'year', 'name', 'format']);
    const { book, year, name, format = 'csv' } = request.query as { readonly [field: string]: string | undefined };
    if (book === undefined || year === undefined || name === undefined) {
      return refuse('field-missing', { field: book === undefined ? 'book' : year === undefined ? 'year' : 'name' });
    }
    if (!/^\d{4}$/.test(year)) refuse('year-malformed', { year: year.slice(0, 40) });
    if (format !== 'csv') refuse('choice-unknown', { field: 'format', value: format.slice(0, 40), choices: 'csv' });
    readableCharset(request.headers['content-type']);
    const file = request.body as Readable | undefined;
    if (file === undefined || typeof file.pipe !== 'function')
      return refuse('media-type-unsupported', { type: request.headers['content-type'] ?? '', wanted: UPLOAD_TYPES.join(', ') });

    const place = randomUUID();
    const status = { key, file: name, book, year: Number(year), progress: null as ImportProgress | null };
    this.#underWay.set(place, status);
    try {
      const asked = { caller: this.folder.caller, book, year: Number(year), name, dryRun };
      const { findings, effects, ...result } = await this.folder.importFile(
        file.iterator({ destroyOnReturn: false }),
        asked,
        (progress) => (status.progress = progress),
      );
      void reply.status(result.outcome === 'imported' ? 201 : 200);
      return {
        key,
        ...result,
        findings: findings.map(said(language)),
        effects: effects.map(({ amountOre, ...moved }) => ({ ...moved, amount: kronor(amountOre) })),
      };
    } catch (error) {
      // Which file is not said: its name and what is wrong with it are the user's affair.
      if (error instanceof Refusal && !dryRun)
        this.report(`an import was refused: ${error.refusal}`, 'import-refused', {
          refusal: error.refusal,
          errors: Number(error.facts['findingsInAll'] ?? 1),
        });
      throw error;
    } finally {
      this.#underWay.delete(place);
    }
  }

  @Post(':import/abandonment')
  @Writes('Abandon an import that is open')
  abandon(@Param('import') id: string, @Body() { because }: AbandonmentDto, @Asks() asking: Asking) {
    return this.clerk.act(new AbandonImport({ import: id, because }), asking);
  }

  @Post(':import/control-totals')
  @Writes('Record what the ERP says that a selection comes to; a later record replaces the earlier')
  controlTotals(@Param('import') id: string, @Body() { totals }: ControlTotalsDto, @Asks() asking: Asking) {
    return this.clerk.act(new RecordControlTotals({ import: id, totals: totalsOf(totals) }), asking);
  }

  @Get()
  @Reads('All imports, refused ones too, and how far those under way have come')
  async imports(@Query() query: PageQuery) {
    return { ...paged(await this.desk.ask('imports', [], since(query)), query), underWay: [...this.#underWay.values()] };
  }

  @Get(':import')
  @Reads('One import with its findings')
  async one(@Param('import') id: string, @Query() query: PageQuery, @Req() request: FastifyRequest) {
    const entry = await this.entry(id, since(query));
    const { rows } = await this.desk.ask('findings', [{ import: id, all: true, limit: limitOf(query) }]);
    return { ...(wire(entry) as object), listed: rows.map(said(languageOf(request.headers['accept-language']))) };
  }

  @Get(':import/original')
  @ApiOperation({ summary: 'The imported file, byte for byte as it was; where its profile says so only the chosen rows of it' })
  async original(@Param('import') id: string, @Res() reply: FastifyReply): Promise<void> {
    const { sha256: whole, keptSha256, file, format } = await this.entry(id);
    const sha256 = keptSha256 ?? whole;
    const path = this.folder.imports.original(sha256);
    if (path === null) return refuse('not-found', { what: 'original', code: sha256 });
    const name = encodeURIComponent(file ?? `${sha256}.csv`).replace(/['()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16)}`);
    await reply
      .header('Content-Type', MEDIA_TYPES[format ?? 'csv'])
      .header('Content-Length', (await stat(path)).size)
      .header('ETag', `"${sha256}"`)
      .header('Content-Disposition', `attachment; filename*=UTF-8''${name}`)
      .send(createReadStream(path));
  }

  private async entry(id: string, minSeq?: number) {
    const { rows } = await this.desk.ask('imports', [], minSeq);
    return rows.find((row) => row.import === id) ?? refuse('not-found', { what: 'import', code: id.slice(0, 40) });
  }
}

/** How long a client may go on sending a file that was refused. */
const PATIENCE_MS = 60_000;

/** Reads on to the end of a file that nobody wants any more: a client that is still sending does not hear the answer. */
async function readToEnd(body: unknown): Promise<void> {
  if (!(body instanceof Readable) || body.readableEnded || body.destroyed) return;
  await new Promise<void>((ended) => {
    const timer = setTimeout(() => body.destroy(), PATIENCE_MS).unref();
    const end = () => {
      clearTimeout(timer);
      ended();
    };
    body.once('end', end).once('close', end).once('error', end).resume();
  });
}
