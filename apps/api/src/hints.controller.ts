/** The door to the rules that say which grant a line without a code may belong to. The hints themselves stand in /reports/without-grant-code. */
import { Body, Controller, Get, Inject, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Desk } from '#cqrs';
import { RemoveHintRule, SetHintRule } from '#ledger';
import { criterionOf, HintRuleDto } from './hints.dto.js';
import { Nothing } from './input.js';
import { Reads, Writes } from './openapi.js';
import { paged, PageQuery } from './paged.js';
import { since } from './since.js';
import { Asks, Clerk, type Asking } from './writing.js';

@ApiTags('hints')
@Controller('hints')
export class HintsController {
  constructor(
    @Inject(Clerk) private readonly clerk: Clerk,
    @Inject(Desk) private readonly desk: Desk,
  ) {}

  @Post()
  @Writes('Set a rule that speaks for a grant on lines without a code; it codes nothing')
  set(@Body() { rule, grant, criterion }: HintRuleDto, @Asks() asking: Asking) {
    return this.clerk.act(new SetHintRule({ rule, grant, criterion: criterionOf(criterion) }), asking);
  }

  @Post(':rule/removal')
  @Writes('Remove a rule')
  remove(@Param('rule') rule: string, @Body() _: Nothing, @Asks() asking: Asking) {
    return this.clerk.act(new RemoveHintRule({ rule }), asking);
  }

  @Get()
  @Reads('All rules, with what they look for')
  async rules(@Query() query: PageQuery) {
    return paged(await this.desk.ask('hintRules', [], since(query)), query);
  }
}
