/**
 * A decider is a table of decisions over one state: events from a command. Pure; whoever runs it brings the store, the
 * clock, the retry and the vouchers that a command names.
 */
import type { LedgerEvent } from './events.js';
import type { Ledger } from './ledger.js';
import type { Json } from './canonical.js';
import type { Reference } from './reference.js';
import type { Act, Voucher, VoucherTexts } from './voucher.js';

/** What a user asks for. `input` is plain data: it is hashed for idempotency and may travel over a wire. */
export abstract class Command<I extends { readonly [field: string]: Json | undefined } = { readonly [field: string]: Json | undefined }> {
  constructor(readonly input: I) {}
  /** The vouchers that its rule must see. */
  get needs(): readonly Reference[] {
    return [];
  }
  /** How many bytes its events come to at least, where that is known before they are decided. */
  get bytes(): number {
    return 0;
  }
}

/** A voucher that a command named, as it was stored; its texts are absent where they have been erased. */
export type Found = { readonly seq: number; readonly voucher: Voucher; readonly act: Act; readonly texts?: VoucherTexts };

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- a constructor's parameters can only be matched loosely
export type CommandClass<C extends Command = Command> = new (...input: any[]) => C;
type Decide<C extends Command> = (input: C['input'], ledger: Ledger, vouchers: readonly (Found | undefined)[]) => readonly LedgerEvent[];

export class Decider {
  constructor(readonly decisions: ReadonlyMap<CommandClass, Decide<Command>> = new Map()) {}

  /** This decider, and a command more. */
  on<C extends Command>(command: CommandClass<C>, decide: Decide<C>): Decider {
    return new Decider(new Map(this.decisions).set(command as unknown as CommandClass, decide as unknown as Decide<Command>));
  }

  get commands(): readonly CommandClass[] {
    return [...this.decisions.keys()];
  }

  /** The events that the command leads to · throws a Refusal where the state forbids it. @param vouchers one for each of `needs` */
  decide(command: Command, ledger: Ledger, vouchers: readonly (Found | undefined)[] = []): readonly LedgerEvent[] {
    const decide = this.decisions.get(command.constructor as CommandClass);
    if (!decide) throw new TypeError(`no decision for ${command.constructor.name}`);
    return decide(command.input, ledger, vouchers);
  }
}
