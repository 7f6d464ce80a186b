/** The door to the register and the settings: grants, decisions, exemptions, allotments, units, account classes, periods. */
import { Body, Controller, Get, Inject, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Desk, LedgerFolder } from '#cqrs';
import {
  AllotFunds,
  ChangeDecision,
  ClosePeriod,
  EndUnit,
  ExemptFromNeutrality,
  parseOre,
  RegisterDecision,
  RegisterGrant,
  RenameGrant,
  ReopenPeriod,
  ReportUse,
  RetireGrant,
  SetAccountClasses,
  SetGrantCodePattern,
  SetUnit,
  WithdrawExemption,
} from '#ledger';
import { Nothing } from './input.js';
import { Reads, Writes } from './openapi.js';
import { PageQuery, paged } from './paged.js';
import {
  AccountClassesDto,
  AllotmentDto,
  DecisionChangeDto,
  DecisionDto,
  ExemptionDto,
  GrantDto,
  GrantEndDto,
  NameDto,
  PatternDto,
  ReopeningDto,
  ReportDto,
  termsOf,
  UnitDto,
  UnitEndDto,
  WithdrawalDto,
} from './register.dto.js';
import { since, SinceQuery } from './since.js';
import { mandateFrom } from './vouchers.dto.js';
import { Asks, Clerk, type Asking } from './writing.js';

@ApiTags('register')
@Controller()
export class RegisterController {
  constructor(
    @Inject(Clerk) private readonly clerk: Clerk,
    @Inject(Desk) private readonly desk: Desk,
  ) {}

  @Post('grants')
  @Writes('Register a grant')
  grant(@Body() grant: GrantDto, @Asks() asking: Asking) {
    return this.clerk.act(new RegisterGrant({ ...grant }), asking);
  }

  @Post('grants/:grant/names')
  @Writes('Give a grant a new name from a day on')
  rename(@Param('grant') grant: string, @Body() name: NameDto, @Asks() asking: Asking) {
    return this.clerk.act(new RenameGrant({ grant, ...name }), asking);
  }

  @Post('grants/:grant/end')
  @Writes('End a grant whose balance and open years are zero')
  endGrant(@Param('grant') grant: string, @Body() end: GrantEndDto, @Asks() asking: Asking) {
    return this.clerk.act(new RetireGrant({ grant, ...end }), asking);
  }

  @Post('decisions')
  @Writes('Register a decision (bidragsbeslut) under a grant')
  decision(@Body() { decision, grant, terms }: DecisionDto, @Asks() asking: Asking) {
    return this.clerk.act(new RegisterDecision({ decision, grant, terms: termsOf(terms) }), asking);
  }

  @Post('decisions/:decision/changes')
  @Writes('Set a decision’s terms anew from a day on')
  changeDecision(@Param('decision') decision: string, @Body() { validFrom, terms, reason }: DecisionChangeDto, @Asks() asking: Asking) {
    return this.clerk.act(new ChangeDecision({ decision, validFrom, terms: termsOf(terms), reason }), asking);
  }

  @Post('decisions/:decision/reports')
  @Writes('Record what was reported to the agency as used')
  report(@Param('decision') decision: string, @Body() { amount, date, diarienummer }: ReportDto, @Asks() asking: Asking) {
    return this.clerk.act(new ReportUse({ decision, amountOre: parseOre(amount), date, diarienummer }), asking);
  }

  @Post('exemptions')
  @Writes('Exempt a grant, or one of its decisions, from neutrality in a year')
  exempt(@Body() exemption: ExemptionDto, @Asks() asking: Asking) {
    return this.clerk.act(new ExemptFromNeutrality({ ...exemption }), asking);
  }

  @Post('exemptions/withdrawals')
  @Writes('Withdraw an exemption')
  withdraw(@Body() withdrawal: WithdrawalDto, @Asks() asking: Asking) {
    return this.clerk.act(new WithdrawExemption({ ...withdrawal }), asking);
  }

  @Post('allotments')
  @Writes('Allot a decision’s money to a unit; moves no money')
  allot(@Body() { amount, mandate, ...rest }: AllotmentDto, @Asks() asking: Asking) {
    return this.clerk.act(new AllotFunds({ ...rest, amountOre: parseOre(amount), mandate: mandateFrom(mandate) }), asking);
  }

  @Post('units')
  @Writes('Add a unit, or give one a new name, kind or place from a day on')
  unit(@Body() unit: UnitDto, @Asks() asking: Asking) {
    return this.clerk.act(new SetUnit({ ...unit }), asking);
  }

  @Post('units/:unit/end')
  @Writes('End a unit that has none below it')
  endUnit(@Param('unit') unit: string, @Body() end: UnitEndDto, @Asks() asking: Asking) {
    return this.clerk.act(new EndUnit({ unit, ...end }), asking);
  }

  @Post('settings/account-classes')
  @Writes('Set what the accounts are, from a day on')
  accountClasses(@Body() { validFrom, classes }: AccountClassesDto, @Asks() asking: Asking) {
    return this.clerk.act(new SetAccountClasses({ validFrom, classes: classes.map((one) => ({ ...one })) }), asking);
  }

  @Post('settings/grant-code-pattern')
  @Writes('Set what a grant code looks like')
  pattern(@Body() { pattern }: PatternDto, @Asks() asking: Asking) {
    return this.clerk.act(new SetGrantCodePattern({ pattern }), asking);
  }

  @Post('periods/:period/closure')
  @Writes('Close a period')
  close(@Param('period') period: string, @Body() _: Nothing, @Asks() asking: Asking) {
    return this.clerk.act(new ClosePeriod({ period }), asking);
  }

  @Post('periods/:period/reopening')
  @Writes('Open a closed period again')
  reopen(@Param('period') period: string, @Body() reopening: ReopeningDto, @Asks() asking: Asking) {
    return this.clerk.act(new ReopenPeriod({ period, ...reopening }), asking);
  }

  @Get('grants')
  @Reads('All grants, with names over time and exemptions')
  async grants(@Query() query: PageQuery) {
    return paged(await this.desk.ask('grants', [], since(query)), query);
  }

  @Get('decisions')
  @Reads('All decisions, with their terms over time, allotments and reports')
  async decisions(@Query() query: PageQuery) {
    return paged(await this.desk.ask('decisions', [], since(query)), query);
  }

  @Get('units')
  @Reads('The unit tree over time')
  async units(@Query() query: PageQuery) {
    return paged(await this.desk.ask('unitRegister', [], since(query)), query);
  }

  @Get('periods')
  @Reads('The periods that were closed or reopened, when and by whom')
  async periods(@Query() query: PageQuery) {
    return paged(await this.desk.ask('periodRegister', [], since(query)), query);
  }

  @Get('persons')
  @Reads('Everyone who has acted')
  async persons(@Query() query: PageQuery) {
    return paged(await this.desk.ask('persons', [], since(query)), query);
  }
}

@ApiTags('register')
@Controller()
export class SettingsController {
  constructor(@Inject(LedgerFolder) private readonly folder: LedgerFolder) {}

  @Get('settings')
  @Reads('The settings in force: what a grant code looks like, and the account classes over time')
  settings(@Query() _: SinceQuery) {
    const { ledger } = this.folder.commands;
    return {
      seq: ledger.seq,
      demo: ledger.facts.demo,
      grantCodePattern: ledger.facts.grantCodePattern,
      accountClasses: ledger.chart.settings,
    };
  }
}
