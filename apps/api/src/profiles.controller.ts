/**
 * The door to profiles: how files of one kind are read. A profile is tried before it is set: its settings are handed in here, and the
 * file then to POST /imports?trial=…, which stores nothing.
 */
import { Body, Controller, Get, Inject, Param, Post, Query } from '@nestjs/common';
import { ApiProperty, ApiTags } from '@nestjs/swagger';
import { Desk } from '#cqrs';
import { EndProfile, refuse, SetProfile } from '#ledger';
import { Nothing } from './input.js';
import { Keeps, Reads, Writes } from './openapi.js';
import { paged, PageQuery } from './paged.js';
import { ProfileDto, settingsOf, TrialDto } from './profiles.dto.js';
import { since, SinceQuery } from './since.js';
import { Trials } from './trials.js';
import { wire } from './wire.js';
import { Asks, Clerk, type Asking } from './writing.js';

class TrialAnswer {
  @ApiProperty({ example: '0c9f6c1e-7a0f-4a9b-9d0e-2f0a8c8f6b1d', description: 'To be named at POST /imports, as trial.' }) trial!: string;
}

/** Whatever name and day: a trial asks only whether the settings hold together. */
const TRIED = { profile: 'trial', validFrom: '1900-01-01' };

@ApiTags('profiles')
@Controller('profiles')
export class ProfilesController {
  constructor(
    @Inject(Clerk) private readonly clerk: Clerk,
    @Inject(Desk) private readonly desk: Desk,
    @Inject(Trials) private readonly trials: Trials,
  ) {}

  @Post()
  @Writes('Set how files of one kind are read, from a day on')
  set(@Body() { profile, validFrom, settings }: ProfileDto, @Asks() asking: Asking) {
    return this.clerk.act(new SetProfile({ profile, validFrom, settings: settingsOf(settings) }), asking);
  }

  @Post('trials')
  @Keeps('Check the settings of a profile, and keep them for a while to be tried against files', TrialAnswer)
  async trial(@Body() { settings: sent }: TrialDto) {
    const settings = settingsOf(sent);
    await this.desk.act(new SetProfile({ ...TRIED, settings }), { dryRun: true });
    return { trial: this.trials.keep(settings) };
  }

  @Post(':profile/end')
  @Writes('End a profile: it takes no more files')
  end(@Param('profile') profile: string, @Body() _: Nothing, @Asks() asking: Asking) {
    return this.clerk.act(new EndProfile({ profile }), asking);
  }

  @Get()
  @Reads('All profiles with their versions')
  async profiles(@Query() query: PageQuery) {
    return paged(await this.desk.ask('profiles', [], since(query)), query);
  }

  @Get(':profile')
  @Reads('One profile with its versions and all that they say')
  async one(@Param('profile') profile: string, @Query() query: SinceQuery) {
    const { rows, ...rest } = await this.desk.ask('profiles', [], since(query));
    const found = rows.find((row) => row.profile === profile) ?? refuse('profile-unknown', { profile: profile.slice(0, 40) });
    return wire({ ...rest, ...found });
  }
}
