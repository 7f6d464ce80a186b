/**
 * The door to a region's start: the workbook to fill in, and what a filled-in one registers, all of it or nothing. A SIE file that gives
 * names and opening balances is handed in first, and named by what it was kept as.
 */
import { Controller, Get, Inject, Post, Query, Req, Res } from '@nestjs/common';
import { ApiBody, ApiProduces, ApiProperty, ApiQuery, ApiTags } from '@nestjs/swagger';
import { IsOptional, IsString } from 'class-validator';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Readable } from 'node:stream';
import { fileBytes, LedgerFolder, sieFactsOf, writeStartTemplate } from '#cqrs';
import { refuse, START_BYTES } from '#ledger';
import { Keeps, Reads, Writes } from './openapi.js';
import { FindingAnswer, said } from './said.js';
import { SinceQuery } from './since.js';
import { Trials } from './trials.js';
import { readToEnd, streamIn, Uploads, XLSX } from './uploads.js';
import { askingOf } from './writing.js';

class TemplateQuery extends SinceQuery {
  @IsOptional()
  @IsString()
  sie?: string;

  @IsOptional()
  @IsString()
  dimension?: string;
}
class KeptAnswer {
  @ApiProperty({ example: '0c9f6c1e-7a0f-4a9b-9d0e-2f0a8c8f6b1d', description: 'To be named as sie at the other routes.' }) sie!: string;
}
class StartItemAnswer {
  @ApiProperty({ example: 'Enheter' }) sheet!: string;
  @ApiProperty({ example: 3 }) row!: number;
  @ApiProperty({ example: '614' }) code!: string;
}
class StartFindingAnswer extends FindingAnswer {
  @ApiProperty({ example: 'Ingående' }) sheet!: string;
  @ApiProperty({ example: 'Belopp' }) column!: string;
}
class StartAnswer {
  @ApiProperty({ enum: ['registered', 'nothing-new', 'dry-run'] }) outcome!: string;
  @ApiProperty() sha256!: string;
  @ApiProperty({ type: [StartItemAnswer] }) registered!: StartItemAnswer[];
  @ApiProperty({ type: [StartItemAnswer] }) already!: StartItemAnswer[];
  @ApiProperty({ type: [StartFindingAnswer] }) findings!: StartFindingAnswer[];
  @ApiProperty({ type: [StartFindingAnswer], description: 'Where what is carried in differs from the SIE file’s opening balances.' })
  asks!: StartFindingAnswer[];
  @ApiProperty({ type: String, nullable: true, description: 'What consents to exactly that.' }) consent!: string | null;
  @ApiProperty({
    type: String,
    nullable: true,
    example: 'start-12',
    description: 'By what the differences that were consented to are listed: GET /findings?import=start-12&all=true.',
  })
  consented!: string | null;
  @ApiProperty({ type: [Object], description: 'The sheet Ansvar, as the mapping of units of a profile.' }) responsibilities!: object[];
  @ApiProperty({ type: [String], example: ['own-2022-1'] }) vouchers!: string[];
  @ApiProperty({ example: 412 }) seq!: number;
}
const SieQueries = (target: object, name: string | symbol, descriptor: PropertyDescriptor) => {
  ApiQuery({ name: 'sie', required: false, description: 'A SIE file for names and opening balances: from POST /start/sie.' })(
    target,
    name,
    descriptor,
  );
  ApiQuery({ name: 'dimension', required: false, example: '20', description: 'Its dimension of grant codes; guessed where left out.' })(
    target,
    name,
    descriptor,
  );
};
const File = { description: 'The file’s bytes.', schema: { type: 'string', format: 'binary' } };

@ApiTags('start')
@Controller('start')
export class StartController {
  constructor(
    @Inject(LedgerFolder) private readonly folder: LedgerFolder,
    @Inject(Trials) private readonly trials: Trials,
  ) {}

  @Get('template')
  @Reads('The workbook (Excel) to fill in: units, grants, decisions, account classes, carried-in money')
  @SieQueries
  @ApiProduces(XLSX)
  async template(@Query() { sie, dimension }: TemplateQuery, @Res() reply: FastifyReply): Promise<void> {
    const facts =
      sie === undefined ? null : sieFactsOf(fileBytes(this.trials.fileOf(sie)), dimension === undefined ? {} : { grants: dimension });
    const [wrong] = facts?.errors ?? [];
    if (wrong) refuse(wrong.name, { ...wrong.facts, row: wrong.line });
    const bytes = await writeStartTemplate(facts?.names ?? {});
    await reply.header('Content-Type', XLSX).header('Content-Disposition', 'attachment; filename="start.xlsx"').send(Buffer.from(bytes));
  }

  @Post('sie')
  @Keeps('Keep a SIE file for a while, for the names and opening balances in it', KeptAnswer)
  @Uploads()
  @ApiBody(File)
  async sie(@Req() request: FastifyRequest) {
    for (const field of Object.keys(request.query as object)) refuse('field-unknown', { field });
    return { sie: await this.trials.keepFile(streamIn(request)) };
  }

  @Post()
  @Writes(
    'Register what a filled-in workbook holds: all of it or nothing; what is there already is not registered again',
    'Has no use here: a workbook again registers nothing twice.',
    StartAnswer,
  )
  @Uploads()
  @ApiBody(File)
  @ApiQuery({ name: 'name', example: 'start.xlsx', description: 'The name the workbook is known by.' })
  @ApiQuery({ name: 'year', example: 2023, description: 'The ledger’s first year: amounts are carried into it.' })
  @ApiQuery({ name: 'profile', required: false, description: 'The profile whose units the sheet Ansvar becomes.' })
  @ApiQuery({
    name: 'consent',
    required: false,
    example: '0f3a91c2d4e5',
    description: 'To exactly the differences that a refusal (start-asks-consent) listed.',
  })
  @ApiQuery({ name: 'reason', required: false, description: 'Why they are right; needed with consent, and kept with it.' })
  @SieQueries
  async read(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply) {
    try {
      const { dryRun, language } = askingOf(request, reply, ['name', 'year', 'profile', 'sie', 'dimension', 'consent', 'reason']);
      const { name, year, profile, sie, dimension, consent, reason } = request.query as { readonly [field: string]: string | undefined };
      if (name === undefined || year === undefined) return refuse('field-missing', { field: name === undefined ? 'name' : 'year' });
      if (!/^\d{4}$/.test(year)) refuse('year-malformed', { year: year.slice(0, 40) });
      const { findings, asks, ...result } = await this.folder.start(await wholeOf(streamIn(request)), {
        caller: this.folder.caller,
        year: Number(year),
        name,
        dryRun,
        ...(profile === undefined ? {} : { profile }),
        ...(consent === undefined ? {} : { consent }),
        ...(reason === undefined ? {} : { reason }),
        ...(sie === undefined ? {} : { sie: fileBytes(this.trials.fileOf(sie)) }),
        ...(dimension === undefined ? {} : { dimensions: { grants: dimension } }),
      });
      void reply.status(result.outcome === 'registered' ? 201 : 200);
      return { ...result, findings: findings.map(said(language)), asks: asks.map(said(language)) };
    } finally {
      await readToEnd(request.body);
    }
  }
}

/** All of the stream · refuses `body-too-large`. */
async function wholeOf(stream: Readable): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of stream.iterator({ destroyOnReturn: false })) {
    bytes += (chunk as Buffer).length;
    if (bytes > START_BYTES) refuse('body-too-large', { most: START_BYTES });
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks);
}
