/**
 * What a file that was read would move, per grant, unit and effect, and what its corrections of what is there already would take back of
 * people's own work. Called by file-import.ts, before consent is asked and before anything is stored.
 */
import { open, type FileHandle } from 'node:fs/promises';
import { correctionOf, referenceText, type Finding } from '#ledger';
import type { LedgerCommands, Moved } from '#eventstore';
import { differenceOf } from './difference.js';
import { reasonOf, resolvedAt } from './posting.js';
import type { FileRead } from './read-file.js';

export type Effects = {
  readonly moved: readonly Moved[];
  /** Recodings that are taken back, and own vouchers that have corrected the same already. */
  readonly takenBack: readonly Finding[];
  /** By the first version of each number that changes: what is said otherwise. */
  readonly differences: ReadonlyMap<string, string>;
};

/** @param name the file's name · refuses what a correction can be refused for */
export async function effectsOf({ gathered, changes }: FileRead, name: string, commands: LedgerCommands): Promise<Effects> {
  if (changes.length === 0) return { moved: [...gathered.effects.values()], takenBack: [], differences: new Map() };
  const takenBack: Finding[] = [];
  const differences = new Map<string, string>();
  const effects = new Map([...gathered.effects].map(([key, moved]) => [key, { ...moved }]));
  const spools = new Map<string, FileHandle>();
  try {
    for (const { spool, offset, bytes, corrects } of changes) {
      if (!spools.has(spool)) spools.set(spool, await open(spool, 'r'));
      const replacement = await resolvedAt(spools.get(spool)!, offset, bytes);
      const found = await commands.voucher(corrects);
      const { vouchers, findings } = await commands.look((ledger) =>
        correctionOf({ corrects, replacement, reason: reasonOf(name) }, ledger, found),
      );
      takenBack.push(...findings);
      if (found) differences.set(referenceText({ ...corrects, version: 1 }), differenceOf(found.voucher, replacement.voucher));
      for (const { lines, reverses } of vouchers)
        for (const { grant = null, unit, effect, amountOre } of reverses ? lines : []) {
          if (effect === 'none') continue;
          const key = `${grant ?? ''}\u001f${unit}\u001f${effect}`;
          const before = effects.get(key);
          if (before) before.amountOre += amountOre;
          else effects.set(key, { grant, unit, effect, amountOre });
        }
    }
  } finally {
    for (const handle of spools.values()) await handle.close();
  }
  return { moved: [...effects.values()].filter(({ amountOre }) => amountOre !== 0), takenBack, differences };
}
