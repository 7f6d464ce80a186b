/** The door to the ledger as a whole: making one, what it is and where it stands, and whether the server is well. */
import { Body, Controller, Get, Inject, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { Desk, LedgerFolder, PROGRAM } from '#cqrs';
import { FIRST_CLASSES, FIRST_PATTERN, OpenLedger, Refusal } from '#ledger';
import { Reads, Writes } from './openapi.js';
import { OpenLedgerDto } from './register.dto.js';
import { since, SinceQuery } from './since.js';
import { Asks, Clerk, type Asking } from './writing.js';

@ApiTags('ledger')
@Controller()
export class LedgerController {
  constructor(
    @Inject(Clerk) private readonly clerk: Clerk,
    @Inject(Desk) private readonly desk: Desk,
    @Inject(LedgerFolder) private readonly folder: LedgerFolder,
  ) {}

  @Post('ledger')
  @Writes('Make the ledger of an empty folder, with a first chart of accounts')
  open(@Body() { organisationNumber, name, region, grantCodePattern = FIRST_PATTERN }: OpenLedgerDto, @Asks() asking: Asking) {
    const facts = {
      organisationNumber,
      name,
      region,
      grantCodePattern,
      demo: false,
      timeZone: 'Europe/Stockholm',
      accountClasses: FIRST_CLASSES,
    };
    return this.clerk.act(new OpenLedger(facts), asking);
  }

  @Get('ledger')
  @Reads('What ledger this is, its last event and how far the answers have come')
  async ledger(@Query() query: SinceQuery) {
    const entry = await this.desk.ask('ledger', [], since(query));
    const { seq, projection, caller } = this.folder;
    return { ...entry, lastSeq: seq, positions: projection.positions, program: PROGRAM, actsAs: caller.login };
  }

  @Get('health/live')
  @ApiOperation({ summary: 'Whether the process answers at all' })
  live() {
    return { live: true };
  }

  @Get('health/ready')
  @ApiOperation({
    summary:
      'Whether the store can be reached and the projector is well; 503 with what is wrong otherwise. lag: events that the answers lack',
  })
  @ApiResponse({
    status: 503,
    description:
      'The store cannot be reached, or the projector is in trouble: facts.reason says which. Questions are answered all the same.',
  })
  async ready() {
    const { trouble, ...facts } = await this.folder.readiness();
    if (trouble !== null) throw new Refusal('not-ready', { reason: trouble });
    return { ready: true, ...facts };
  }
}
