/** A log that was changed behind the program's back: whoever reads the event says which it is, and nothing is built on it. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import Database from 'better-sqlite3';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { crc32 } from 'node:zlib';
import { EVENTS_FILE } from '#eventstore';
import { CorrectVoucher, FIRST_CLASSES, OpenLedger, parseReference, PostCost, Refusal } from '#ledger';
import { readModelsOf } from '#projections';
import { LedgerFolder } from './ledger-folder.js';

const CALLER = { login: 'anna', name: 'Anna', role: 'user' };
const cost = (text: string) =>
  new PostCost({
    eventDate: '2023-05-03',
    text,
    counterparty: 'Part',
    document: 'F-1',
    lines: [
      { account: '7550', amountOre: 12_300, unit: 'REG' },
      { account: '2440', amountOre: -12_300, unit: 'REG' },
    ],
  });

describe('a log that was changed by hand', () => {
  let folder: string;
  let seq: number;
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'liggaren-altered-'));
    const ledger = await LedgerFolder.open({ folder, create: true, caller: CALLER });
    const opening = { organisationNumber: '232100-0214', name: 'Region', region: 'REG', demo: false, timeZone: 'Europe/Stockholm' };
    await ledger.handle(new OpenLedger({ ...opening, grantCodePattern: '^\\d{4}$', accountClasses: FIRST_CLASSES }), { caller: CALLER });
    ({ seq } = await ledger.handle(cost('Konsult'), { caller: CALLER }));
    const last = await ledger.handle(cost('Resor'), { caller: CALLER });
    await ledger.projection.waitFor(last.seq, 10_000); // the read models have come past the event that is altered
    await ledger.close();
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const forget = () => rmSync(dirname(readModelsOf(folder)), { recursive: true });
  const replace = (column: 'head' | 'annex', from: string, to: string) => {
    const db = new Database(join(folder, EVENTS_FILE));
    db.exec('DROP TRIGGER events_do_not_change');
    const { changes } = db
      .prepare(`UPDATE events SET ${column} = CAST(replace(CAST(${column} AS TEXT), ?, ?) AS BLOB) WHERE seq = ?`)
      .run(from, to, seq);
    expect(changes).toBe(1);
    db.close();
  };
  const refusalOf = async (work: () => Promise<unknown>) => {
    const error = await work().then(
      () => null,
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(Refusal);
    return error as Refusal;
  };

  it.each([
    ['head', '12300', '12400'],
    ['annex', 'Konsult', 'Resor'],
  ] as const)(
    'in the %s of an event is not opened where the log is read from its beginning, and the event is named',
    async (column, from, to) => {
      replace(column, from, to);
      forget();
      const refusal = await refusalOf(() => LedgerFolder.open({ folder, caller: CALLER }));
      expect([refusal.refusal, refusal.facts]).toEqual(['event-altered', { seq }]);
      expect(refusal.in('sv')).toContain(`Händelse ${seq} är inte som den skrevs`);
    },
  );

  it.each(['head', 'annex'] as const)(
    'in the %s of a voucher is noticed by a correction of that voucher, also where the state was saved',
    async (column) => {
      replace(column, column === 'head' ? '12300' : 'Konsult', column === 'head' ? '12400' : 'Resor');
      const ledger = await LedgerFolder.open({ folder, caller: CALLER });
      const before = ledger.seq;
      const correct = (voucher: string) =>
        ledger.handle(new CorrectVoucher({ voucher: parseReference(voucher), reason: 'Fel', eventDate: '2023-06-01' }), { caller: CALLER });
      expect((await refusalOf(() => correct('own-2023-1'))).refusal).toBe('event-altered');
      expect(ledger.seq).toBe(before);
      await correct('own-2023-2');
      await ledger.close();
    },
  );

  it('in the event that the read models have come to is named when the ledger is opened', async () => {
    const db = new Database(readModelsOf(folder));
    const { head } = new Database(join(folder, EVENTS_FILE), { readonly: true })
      .prepare<[number], { head: Uint8Array }>('SELECT head FROM events WHERE seq = ?')
      .get(seq)!;
    db.prepare('UPDATE positions SET seq = ?, head_hash = ?').run(seq, createHash('sha256').update(head).digest('hex'));
    db.close();
    replace('head', '12300', '12400');
    const refusal = await refusalOf(() => LedgerFolder.open({ folder, caller: CALLER }));
    expect([refusal.refusal, refusal.facts]).toEqual(['event-altered', { seq }]);
  });

  it.each([
    ['an event that is none', 'not an event', 'event-altered'],
    ['an event of a type that a newer program knows', '"type":"Unheard","v":1}', 'event-newer'],
    ['an event in a form that a newer program writes', '"type":"CostPosted","v":99}', 'event-newer'],
  ] as const)('is not opened where it holds %s, and the event is named', async (_, ending, name) => {
    const db = new Database(join(folder, EVENTS_FILE));
    db.exec('DROP TRIGGER events_do_not_change');
    const { head } = db.prepare<[number], { head: Buffer }>('SELECT head FROM events WHERE seq = ?').get(seq)!;
    const instead = Buffer.from(name === 'event-newer' ? head.toString().replace(/"type":"CostPosted","v":\d+\}$/, ending) : ending);
    db.prepare('UPDATE events SET head = ?, crc = ? WHERE seq = ?').run(instead, crc32(instead), seq);
    db.close();
    forget();
    const refusal = await refusalOf(() => LedgerFolder.open({ folder, caller: CALLER }));
    expect([refusal.refusal, refusal.facts]).toEqual([name, { seq }]);
  });

  it('is opened as ever where nothing was changed', async () => {
    forget();
    await (await LedgerFolder.open({ folder, caller: CALLER })).close();
  });
});
