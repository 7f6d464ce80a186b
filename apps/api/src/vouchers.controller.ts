/** The door to everything that moves money: posting, correcting, recoding, reallocating, and reading a voucher. */
import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Desk } from '#cqrs';
import {
  CorrectVoucher,
  parseOre,
  parseReference,
  PostCost,
  PostReceipt,
  PostRepayment,
  ReallocateFunds,
  RecodeCost,
  RecogniseIncome,
  refuse,
} from '#ledger';
import { Reads, Writes } from './openapi.js';
import { since, SinceQuery } from './since.js';
import { CorrectionDto, draftOf, linesOf, mandateFrom, ReallocationDto, RecodingDto, VoucherDto } from './vouchers.dto.js';
import { wire } from './wire.js';
import { Asks, Clerk, type Asking } from './writing.js';

@ApiTags('vouchers')
@Controller()
export class VouchersController {
  constructor(
    @Inject(Clerk) private readonly clerk: Clerk,
    @Inject(Desk) private readonly desk: Desk,
  ) {}

  @Post('vouchers/receipts')
  @Writes('Post money received from an agency')
  receipt(@Body() voucher: VoucherDto, @Asks() asking: Asking) {
    return this.clerk.act(new PostReceipt(draftOf(voucher)), asking);
  }

  @Post('vouchers/recognitions')
  @Writes('Recognise income, from the liability or as an accrued claim')
  recognition(@Body() voucher: VoucherDto, @Asks() asking: Asking) {
    return this.clerk.act(new RecogniseIncome(draftOf(voucher)), asking);
  }

  @Post('vouchers/costs')
  @Writes('Post a cost, on a grant or without one')
  cost(@Body() voucher: VoucherDto, @Asks() asking: Asking) {
    return this.clerk.act(new PostCost(draftOf(voucher)), asking);
  }

  @Post('vouchers/repayments')
  @Writes('Post money paid back to an agency')
  repayment(@Body() voucher: VoucherDto, @Asks() asking: Asking) {
    return this.clerk.act(new PostRepayment(draftOf(voucher)), asking);
  }

  @Post('vouchers/:voucher/correction')
  @Writes('Correct a voucher: a reversal and, where wanted, a replacement')
  correct(@Param('voucher') voucher: string, @Body() { reason, eventDate, period, replacement }: CorrectionDto, @Asks() asking: Asking) {
    const replacing = replacement && { ...replacement, lines: linesOf(replacement.lines) };
    return this.clerk.act(
      new CorrectVoucher({ voucher: parseReference(voucher), reason, eventDate, period, replacement: replacing }),
      asking,
    );
  }

  @Post('vouchers/:voucher/recoding')
  @Writes('Recode a cost to the grants it belongs to')
  recode(
    @Param('voucher') voucher: string,
    @Body() { line, from, to, eventDate, period, text, mandate }: RecodingDto,
    @Asks() asking: Asking,
  ) {
    const shares = to.map(({ grant, decision, amount, perCent }) => ({
      grant,
      decision,
      amountOre: amount === undefined ? undefined : parseOre(amount),
      perCentHundredths: perCent === undefined ? undefined : hundredths(perCent),
    }));
    const standing = from && { grant: from.grant, decision: from.decision };
    return this.clerk.act(
      new RecodeCost({
        voucher: parseReference(voucher),
        line,
        from: standing,
        to: shares,
        eventDate,
        period,
        text,
        mandate: mandateFrom(mandate),
      }),
      asking,
    );
  }

  @Post('reallocations')
  @Writes('Move a grant’s money from one unit to another')
  reallocate(@Body() { amount, mandate, ...rest }: ReallocationDto, @Asks() asking: Asking) {
    return this.clerk.act(new ReallocateFunds({ ...rest, amountOre: parseOre(amount), mandate: mandateFrom(mandate) }), asking);
  }

  @Get('vouchers/:voucher')
  @HttpCode(200)
  @Reads('A voucher with everything that has to do with it')
  async voucher(@Param('voucher') voucher: string, @Query() query: SinceQuery) {
    parseReference(voucher);
    return wire(await this.desk.ask('voucher', [voucher], since(query)));
  }
}

/** Hundredths of a per cent of a text like `33.33` · refuses `per-cent-malformed`. */
function hundredths(text: string): number {
  return /^\d{1,3}(\.\d{1,2})?$/.test(text) ? parseOre(text) : refuse('per-cent-malformed', { total: text.slice(0, 20) });
}
