/** What a write answers with: which events, at which seq, what they moved. Made from the stored events, so a repeated command gets the same. */
import { referenceText, vouchersOf, type Effect, type Recorded, type Warning } from '#ledger';

/** Öre (debit +) that a command moved, or in a dry run would move, on a grant at a unit. `grant` is null where a line names none. */
export interface Moved {
  readonly grant: string | null;
  readonly unit: string;
  readonly effect: Effect;
  readonly amountOre: number;
}

export interface Acknowledgement {
  /** Of the last event: the position to wait for. For a dry run the seq it was tried on. */
  readonly seq: number;
  readonly dryRun: boolean;
  /** The same key had been acknowledged before, or what was asked for is so already (no events): nothing was stored. */
  readonly repeated: boolean;
  /** The idempotency key, given or made. */
  readonly key: string;
  readonly events: readonly { readonly seq: number; readonly id: string; readonly type: string }[];
  /** References of the vouchers written. */
  readonly vouchers: readonly string[];
  readonly warnings: readonly Warning[];
  readonly effects: readonly Moved[];
}

/** The acknowledgement of one command's events. */
export function acknowledge(
  recorded: readonly Recorded[],
  facts: { readonly seq: number; readonly key: string; readonly dryRun: boolean; readonly repeated: boolean },
): Acknowledgement {
  const [vouchers, warnings, moved] = [[] as string[], [] as Warning[], new Map<string, Moved>()];
  for (const { event } of recorded) {
    if ('warnings' in event.data && event.data.warnings) warnings.push(...event.data.warnings);
    if (event.type === 'VouchersImported') continue; // nobody asks what a part of an import moved: it counts only when the import closes
    for (const { ref, lines } of vouchersOf(event)) {
      vouchers.push(referenceText(ref));
      for (const { grant = null, unit, effect, amountOre } of lines) {
        if (effect === 'none') continue;
        const key = `${grant ?? ''}|${unit}|${effect}`;
        moved.set(key, { grant, unit, effect, amountOre: (moved.get(key)?.amountOre ?? 0) + amountOre });
      }
    }
  }
  const events = recorded.map(({ head, event }) => ({ seq: head.seq, id: head.id, type: event.type }));
  return { ...facts, events, vouchers, warnings, effects: [...moved.values()] };
}
