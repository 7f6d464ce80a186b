/** What a file that was read would move, per grant, unit and effect, the corrections of what is there already included. Called by file-import.ts. */
import { open, type FileHandle } from 'node:fs/promises';
import { correctionOf } from '#ledger';
import type { LedgerCommands, Moved } from '#eventstore';
import { reasonOf, resolvedAt } from './posting.js';
import type { FileRead } from './read-file.js';

/** @param name the file's name · refuses what a correction can be refused for */
export async function effectsOf({ gathered, changes }: FileRead, name: string, commands: LedgerCommands): Promise<Moved[]> {
  if (changes.length === 0) return [...gathered.effects.values()];
  const effects = new Map([...gathered.effects].map(([key, moved]) => [key, { ...moved }]));
  const spools = new Map<string, FileHandle>();
  try {
    for (const { spool, offset, bytes, corrects } of changes) {
      if (!spools.has(spool)) spools.set(spool, await open(spool, 'r'));
      const replacement = await resolvedAt(spools.get(spool)!, offset, bytes);
      const found = await commands.voucher(corrects);
      const { vouchers } = await commands.look((ledger) => correctionOf({ corrects, replacement, reason: reasonOf(name) }, ledger, found));
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
  return [...effects.values()].filter(({ amountOre }) => amountOre !== 0);
}
