/**
 * The door to imports: a file comes in as a stream, is read in a worker thread and enters whole or not at all. While it is
 * under way, GET /imports tells how far it has come. The ledger itself sees to that no file enters twice.
 */
import { Body, Controller, Get, Inject, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiQuery, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { randomUUID } from 'node:crypto';
import { Desk, fileBytes, FileRefused, LedgerFolder, readControlTotals, type ImportProgress, type ImportResult, type Report } from '#cqrs';
import { AbandonImport, RecordControlTotals, referenceText, Refusal, refuse, type Finding } from '#ledger';
import type { ImportEntry } from '#projections';
import { AbandonmentDto, ControlTotalsDto, ImportAnswer, TotalsAnswer, totalsOf } from './imports.dto.js';
import { readableCharset } from './json-body.js';
import { languageOf } from './language.js';
import { Keeps, Reads, Writes } from './openapi.js';
import { said } from './said.js';
import { limitOf, paged, PageQuery } from './paged.js';
import { since, SinceQuery } from './since.js';
import { Trials } from './trials.js';
import { readToEnd, streamIn, Uploads, XLSX } from './uploads.js';
import { wire } from './wire.js';
import { askingOf, Asks, Clerk, type Asking } from './writing.js';

/** Where the log is handed in. */
export const REPORT = Symbol('Report');

const MEDIA_TYPES = { csv: 'text/csv', sie: 'application/octet-stream', xlsx: XLSX } as const;

@ApiTags('imports')
@Controller('imports')
export class ImportsController {
  readonly #underWay = new Map<
    string,
    {
      readonly key: string;
      readonly file: string;
      readonly profile: string | null;
      readonly book: string | null;
      readonly year: number | null;
      progress: ImportProgress | null;
    }
  >();

  constructor(
    @Inject(Clerk) private readonly clerk: Clerk,
    @Inject(Desk) private readonly desk: Desk,
    @Inject(LedgerFolder) private readonly folder: LedgerFolder,
    @Inject(REPORT) private readonly report: Report,
    @Inject(Trials) private readonly trials: Trials,
  ) {}

  /** How many files are being imported. */
  get underWay(): number {
    return this.#underWay.size;
  }

  @Post()
  @Writes(
    'Import a file from the ERP through a profile (SIE, CSV, Excel), or the simple voucher CSV into a book; whole or not at all',
    'Names the import while it is under way. A file is known by its hash, and never imported twice.',
    ImportAnswer,
  )
  @Uploads()
  @ApiBody({ description: 'The file’s bytes, of any size.', schema: { type: 'string', format: 'binary' } })
  @ApiQuery({ name: 'name', example: '2023-05.se', description: 'The name the file is known by.' })
  @ApiQuery({ name: 'profile', required: false, example: 'raindance', description: 'How it is read; left out for the simple voucher CSV.' })
  @ApiQuery({ name: 'trial', required: false, description: 'A profile that is only tried: from POST /profiles/trials. Stores nothing.' })
  @ApiQuery({ name: 'book', required: false, example: 'erp', description: 'For the simple voucher CSV; a profile has its own.' })
  @ApiQuery({
    name: 'year',
    required: false,
    example: 2023,
    description: 'The file’s own where left out; the simple voucher CSV needs one.',
  })
  @ApiQuery({
    name: 'consent',
    required: false,
    example: '0f3a91c2d4e5',
    description: 'To exactly what a refusal (file-asks-consent) listed.',
  })
  @ApiQuery({
    name: 'control',
    required: false,
    description: 'Control totals of a selection, recorded with it: from POST /imports/control-totals.',
  })
  @ApiQuery({
    name: 'new',
    required: false,
    example: 'erp-2023-A-5 erp-2023-A-7',
    description:
      'Vouchers of that list (file-voucher-moved, file-voucher-changed-unnumbered) that are new, and not the known ones that they are like; with spaces between. Kept with the import.',
  })
  @ApiQuery({
    name: 'asks',
    required: false,
    enum: ['all'],
    description: 'Of a dry run: lists all that asks for consent, where an answer else lists the first 1 000.',
  })
  async import(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply) {
    try {
      return await this.imported(request, reply);
    } finally {
      await readToEnd(request.body);
    }
  }

  private async imported(request: FastifyRequest, reply: FastifyReply) {
    const {
      key = randomUUID(),
      dryRun,
      language,
    } = askingOf(request, reply, ['name', 'profile', 'trial', 'book', 'year', 'consent', 'new', 'control', 'asks']);
    const asked = this.asked(request.query as { readonly [field: string]: string | undefined }, dryRun);
    if (asked.book !== undefined) readableCharset(request.headers['content-type']);
    const file = streamIn(request);

    const place = randomUUID();
    const { name, profile = null, book = null, year = null } = asked;
    const status = { key, file: name, profile, book, year, progress: null as ImportProgress | null };
    this.#underWay.set(place, status);
    try {
      const { findings, asks, first, ...result } = await this.folder.importFile(
        file.iterator({ destroyOnReturn: false }),
        { ...asked, caller: this.folder.caller, dryRun },
        (progress) => (status.progress = progress),
      );
      const { outcome, import: id, vouchers, corrections, findingsInAll, resumed } = result;
      void reply.status(outcome === 'imported' ? 201 : 200);
      if (outcome === 'imported' && resumed === null)
        this.report('a file was imported', 'import-closed', { import: id, vouchers, corrections, findings: findingsInAll });
      return {
        key,
        ...(wire(result) as object),
        findings: findings.map(said(language)),
        asks: asks.map(said(language)),
        first: first.map(firstJson),
      };
    } catch (error) {
      // Which file is not said: its name and what is wrong with it are the user's affair.
      if (error instanceof Refusal && error.refusal !== 'import-stopped' && !dryRun)
        this.report(`an import was refused: ${error.refusal}`, 'import-refused', {
          refusal: error.refusal,
          errors: Number(error.facts['findingsInAll'] ?? 1),
        });
      throw error;
    } finally {
      this.#underWay.delete(place);
    }
  }

  /** What is asked of a file · refuses `field-missing`, `year-malformed`, `trial-unknown`, `choice-unknown`, `field-unknown` (a profile and a trial at once; all that asks, but not of a dry run). */
  private asked(
    { name, profile, trial, book, year, consent, new: asNew, control, asks }: { readonly [field: string]: string | undefined },
    dryRun: boolean,
  ) {
    const missing = name === undefined ? 'name' : profile === undefined && trial === undefined ? missingOf({ book, year }) : null;
    if (missing !== null) refuse('field-missing', { field: missing });
    if (profile !== undefined && trial !== undefined) refuse('field-unknown', { field: 'trial' });
    if (asks !== undefined && asks !== 'all') refuse('choice-unknown', { field: 'asks', value: asks.slice(0, 40), choices: 'all' });
    if (asks !== undefined && !dryRun && trial === undefined) refuse('field-unknown', { field: 'asks' });
    if (year !== undefined && !/^\d{4}$/.test(year)) refuse('year-malformed', { year: year.slice(0, 40) });
    return {
      name: name!,
      ...(profile === undefined ? {} : { profile }),
      ...(trial === undefined ? {} : { tried: this.trials.of(trial) }),
      ...(book === undefined ? {} : { book }),
      ...(year === undefined ? {} : { year: Number(year) }),
      ...(consent === undefined ? {} : { consent }),
      ...(asks === undefined ? {} : { allAsks: true }),
      ...(control === undefined ? {} : { control: this.trials.totalsOf(control) }),
      ...(asNew === undefined ? {} : { asNew: asNew.split(' ').filter((voucher) => voucher !== '') }),
    };
  }

  @Post('control-totals')
  @Keeps('Read control totals of a selection (CSV or Excel: account, grant, period, amount), to be recorded with its import', TotalsAnswer)
  @Uploads()
  @ApiBody({ description: 'The file’s bytes.', schema: { type: 'string', format: 'binary' } })
  async totals(@Req() request: FastifyRequest) {
    for (const field of Object.keys(request.query as object)) refuse('field-unknown', { field });
    const path = this.trials.fileOf(await this.trials.keepFile(streamIn(request)));
    const findings: Finding[] = [];
    const totals = await readControlTotals(fileBytes(path), (row, finding, facts) =>
      findings.push({ row, finding, facts: facts as Finding['facts'] }),
    );
    if (findings.length > 0) throw new FileRefused(findings, findings.length);
    return { control: this.trials.keepTotals(totals), totals: wire(totals) };
  }

  @Post(':import/abandonment')
  @Writes('Abandon an import that is open')
  async abandon(@Param('import') id: string, @Body() { because }: AbandonmentDto, @Asks() asking: Asking) {
    const answer = await this.clerk.act(new AbandonImport({ import: id, because }), asking);
    if (!answer.dryRun && !answer.repeated) this.report('an import was abandoned by a user', 'import-abandoned', { import: id });
    return answer;
  }

  @Post(':import/control-totals')
  @Writes('Record what the ERP says that a selection comes to; a later record replaces the earlier')
  controlTotals(@Param('import') id: string, @Body() { totals }: ControlTotalsDto, @Asks() asking: Asking) {
    return this.clerk.act(new RecordControlTotals({ import: id, totals: totalsOf(totals) }), asking);
  }

  @Get()
  @Reads('All imports, refused ones too, and how far those under way have come')
  async imports(@Query() query: PageQuery) {
    const listed = await this.desk.ask('imports', [], since(query));
    return { ...paged({ ...listed, rows: listed.rows.map(this.asItGoes) }, query), underWay: [...this.#underWay.values()] };
  }

  @Get(':import')
  @Reads('One import with its findings')
  async one(@Param('import') id: string, @Query() query: PageQuery, @Req() request: FastifyRequest) {
    const entry = await this.entry(id, since(query));
    const { rows } = await this.desk.ask('findings', [{ import: id, all: true, limit: limitOf(query) }]);
    return { ...(wire(this.asItGoes(entry)) as object), listed: rows.map(said(languageOf(request.headers['accept-language']))) };
  }

  @Get(':import/ties')
  @Reads('A selection against the ERP’s control totals: per account, grant and period, with the lines behind each difference')
  async ties(@Param('import') id: string, @Query() query: SinceQuery) {
    return wire(await this.desk.ask('ties', [{ import: id }], since(query)));
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

  /** With how far it has come, where this server is at it; one that is open without has stopped, or (`elsewhere`) began on another machine. */
  private readonly asItGoes = (entry: ImportEntry) => ({
    ...entry,
    progress: this.folder.imports.progressOf(entry.import),
    elsewhere: entry.status === 'open' && this.folder.imports.isElsewhere(entry.import),
  });

  private async entry(id: string, minSeq?: number) {
    const { rows } = await this.desk.ask('imports', [], minSeq);
    return rows.find((row) => row.import === id) ?? refuse('not-found', { what: 'import', code: id.slice(0, 40) });
  }
}

const missingOf = (fields: { readonly [field: string]: string | undefined }): string | null =>
  Object.entries(fields).find(([, value]) => value === undefined)?.[0] ?? null;

/** A voucher as it would be coded. */
const firstJson = ({ voucher: { ref, eventDate, lines }, texts: { text } }: ImportResult['first'][number]) => ({
  voucher: referenceText(ref),
  eventDate,
  text,
  lines: wire(lines),
});
