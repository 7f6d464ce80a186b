/** A command that names a voucher sees all of it: its lines, also those of later parts, its texts, and the act it was posted under. */
import { describe, expect, it } from '@jest/globals';
import {
  AbandonImport,
  CloseImport,
  CorrectVoucher,
  ImportVouchers,
  OpenImportOfFile,
  ownReference,
  readRecord,
  RecodeCost,
  type Line,
  type Reference,
  type Voucher,
} from '#ledger';
import { anna, cost, founded, WatchedStore } from './commands-given.js';
import { findVoucher } from './found-voucher.js';
import type { LedgerCommands } from './ledger-commands.js';

const erp = (number: string): Reference => ({ book: 'erp', year: 2023, series: 'LEV', number, version: 1 });
const line = (amountOre: number, row: number): Line => ({
  account: '7550',
  amountOre,
  effect: 'cost',
  unit: '614',
  period: '2023-03',
  row,
});
const voucher = (number: string, rows: readonly number[], rest: Partial<Voucher> = {}): Voucher => ({
  ref: erp(number),
  eventDate: '2023-03-14',
  lines: rows.map((row) => line(row, row)),
  fingerprint: '0123456789abcdef',
  ...rest,
});
const text = (words: string) => ({ text: words, counterparty: `${words} AB` });

function opening(id: string, vouchers: number) {
  return new OpenImportOfFile({
    ...{
      import: id,
      sha256: id.repeat(64).slice(0, 64),
      bytes: 1,
      kind: 'whole-vouchers',
      format: 'csv',
      profile: 'voucher-csv',
      book: 'erp',
      year: 2023,
    },
    ...{ counts: { rows: 0, withCode: 0, withoutCode: 0, noCodeNeeded: 0, alreadyThere: 0 }, vouchers, file: 'f.csv', readAtSeq: 1_000 },
    ...{ periods: ['2023-03'], grants: [], decisions: [], units: ['614'] },
  });
}

/** Three vouchers over three parts, the second of them larger than one; somebody posts by hand in between. An earlier try was abandoned. */
async function imported() {
  const store = new WatchedStore();
  const commands = await founded(store);
  const handle = (command: Parameters<LedgerCommands['handle']>[0]) => commands.handle(command, { caller: anna });
  await handle(opening('0', 3));
  await handle(new ImportVouchers({ import: '0', part: 0, vouchers: [voucher('2', [99], { more: true })], texts: [text('abandoned')] }));
  await handle(new AbandonImport({ import: '0', because: 'Avbruten' }));
  await handle(opening('a', 3));
  await handle(cost(5));
  const parts: [Voucher[], string[]][] = [
    [
      [voucher('1', [2, 3]), voucher('2', [4, 5], { more: true })],
      ['one', 'two'],
    ],
    [[voucher('2', [6, 7], { firstLine: 3, more: true })], ['']],
    [
      [voucher('2', [8], { firstLine: 5 }), voucher('3', [9])],
      ['', 'three'],
    ],
  ];
  for (const [part, [vouchers, texts]] of parts.entries()) {
    await handle(new ImportVouchers({ import: 'a', part, vouchers, texts: texts.map(text) }));
    await handle(cost(6 + part));
  }
  await handle(new CloseImport({ import: 'a' }));
  const recordAt = async (seq: number) => {
    const record = store.log[seq];
    return record ? readRecord(seq, record.head, record.annex) : null;
  };
  return { store, commands, handle, recordAt, find: (ref: Reference) => findVoucher(ref, commands.ledger.locate(ref)!, recordAt) };
}

describe('a voucher', () => {
  it('by hand is found with its texts and its act', async () => {
    const { find } = await imported();
    expect(await find(ownReference(2023, 1))).toMatchObject({
      act: 'cost',
      voucher: { ref: ownReference(2023, 1), lines: [{ amountOre: 5 }, { amountOre: -5 }] },
      texts: { text: 'Nära vård, våren', counterparty: 'Konsult AB', document: 'faktura 4711, arkivet' },
    });
  });

  it('of an import is found among the others of its part', async () => {
    const { find } = await imported();
    expect(await find(erp('1'))).toMatchObject({ act: 'import', voucher: voucher('1', [2, 3]), texts: { text: 'one' } });
    expect(await find(erp('3'))).toMatchObject({ act: 'import', voucher: voucher('3', [9]), texts: { text: 'three' } });
  });

  it('larger than a part is found whole, with what was posted in between left out', async () => {
    const { find } = await imported();
    const found = (await find(erp('2')))!;
    expect(found.voucher).toEqual(voucher('2', [4, 5, 6, 7, 8]));
    expect(found.texts).toMatchObject({ text: 'two' });
  });

  it('larger than a part can be recoded on a line of a later part, and corrected whole', async () => {
    const { commands, handle, store } = await imported();
    const recoding = (number: number, from: string, to: string) =>
      new RecodeCost({
        voucher: erp('2'),
        line: number,
        from: { grant: from },
        to: [{ grant: to || undefined }],
        eventDate: '2023-05-04',
        text: 'Omkodad',
      });
    expect(await handle(recoding(5, '', '9916'))).toMatchObject({
      effects: [
        { grant: null, amountOre: -8 },
        { grant: '9916', amountOre: 8 },
      ],
    });
    await handle(recoding(5, '9916', ''));
    const { seq } = await handle(new CorrectVoucher({ voucher: erp('2'), reason: 'Fel', eventDate: '2023-05-04' }));
    const { event } = readRecord(seq, store.log[seq]!.head, store.log[seq]!.annex);
    expect(event).toMatchObject({
      data: { vouchers: [{ reverses: erp('2'), lines: [4, 5, 6, 7, 8].map((row) => ({ amountOre: -row })) }] },
      annex: { vouchers: [{ counterparty: 'two AB' }] },
    });
    expect(commands.ledger.corrected.size).toBe(1);
  });

  it('that replaced another is found with the act of what it replaced', async () => {
    const { handle, find } = await imported();
    const lines = cost(4).input.lines;
    await handle(
      new CorrectVoucher({ voucher: ownReference(2023, 1), reason: 'Fel belopp', eventDate: '2023-05-04', replacement: { lines } }),
    );
    expect(await find(ownReference(2023, 6))).toMatchObject({
      act: 'cost',
      voucher: { replaces: ownReference(2023, 1) },
      texts: { counterparty: 'Konsult AB' },
    });
  });

  it('that the event does not hold, or whose end is not there, is not found', async () => {
    const { recordAt, commands } = await imported();
    expect(await findVoucher(erp('4'), commands.ledger.locate(erp('1'))!, recordAt)).toBeUndefined();
    expect(await findVoucher(erp('1'), 1_000, recordAt)).toBeUndefined();
    const first = commands.ledger.locate(erp('2'))!;
    expect(await findVoucher(erp('2'), first, async (seq) => (seq > first + 2 ? null : recordAt(seq)))).toBeUndefined();
  });

  it('without its texts is found without them', async () => {
    const { store, commands } = await imported();
    const seq = commands.ledger.locate(erp('1'))!;
    const erased = async (at: number) => readRecord(at, store.log[at]!.head, null);
    expect(await findVoucher(erp('1'), seq, erased)).toEqual({ seq, act: 'import', voucher: voucher('1', [2, 3]) });
  });
});
