/**
 * A line as it will be stored, where what it has in common with others is one and the same object: a million lines are coded in a few
 * thousand ways, so a writer knows a coding again by its identity. Made by the resolver, one for each line of a new voucher.
 */
import type { Line, LineCoding } from '#ledger';

export class CodedLine implements Line {
  constructor(
    readonly account: string,
    readonly amountOre: number,
    readonly row: number,
    readonly period: string,
    readonly coding: LineCoding,
  ) {}

  get effect(): Line['effect'] {
    return this.coding.effect;
  }
  get internal(): Line['internal'] {
    return this.coding.internal;
  }
  get grant(): Line['grant'] {
    return this.coding.grant;
  }
  get decision(): Line['decision'] {
    return this.coding.decision;
  }
  get unit(): Line['unit'] {
    return this.coding.unit;
  }
  get counterpart(): Line['counterpart'] {
    return this.coding.counterpart;
  }
  get objects(): Line['objects'] {
    return this.coding.objects;
  }
}
