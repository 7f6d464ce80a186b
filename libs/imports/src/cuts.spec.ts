/** A large file is read by two threads: it comes to the same as read in one, wherever it is cut. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fiscalYear, unpacked, type PackedVouchers, type SavedLedger, type VoucherTexts } from '#ledger';
import { Cuts, type Cut } from './cuts.js';
import { costRows, csv, founded, knownOf, readFile, temporaryFolder, type CsvRow } from './given.js';
import { wholeOf, type FileRead } from './read-file.js';
import { readReceived, removeSpools } from './reading.js';
import type { PlacedPart } from './spool.js';

let state: SavedLedger;
const folder = temporaryFolder();
const file = join(folder, 'file');
beforeAll(async () => void (state = (await founded()).ledger.save()));
afterAll(() => rmSync(folder, { recursive: true }));

/** Every place where a text can be cut. */
function cutsOf(text: string): Cut[] {
  const found = new Map<number, Cut>();
  for (let every = 1; every < text.length; every += 7) {
    const cuts = new Cuts(every, 11); // blocks end anywhere
    cuts.push(Buffer.from(text));
    if (cuts.middle) found.set(cuts.middle.offset, cuts.middle);
  }
  return [...found.values()];
}

/** The vouchers and texts that lie in the spools, however they are cut into parts. */
const stored = (parts: readonly PlacedPart[]) => {
  const at = (spool: string, from: number, length: number) =>
    JSON.parse(readFileSync(spool).toString('utf8', from, from + length)) as unknown;
  return {
    vouchers: parts.flatMap(({ spool, offset, voucherBytes }) => unpacked(at(spool, offset, voucherBytes) as PackedVouchers)),
    texts: parts.flatMap(({ spool, offset, voucherBytes, textBytes }) => at(spool, offset + voucherBytes, textBytes) as VoucherTexts[]),
  };
};
const cameTo = ({ parts, ...read }: FileRead) => ({ ...read, ...stored(parts), effects: [...read.gathered.effects] });

const inOne = () => wholeOf([readFile(file, join(folder, 'whole'), state)], knownOf(state))!;
function inTwo(cut: Cut): FileRead | null {
  const slice = (name: string, from: Cut | null, to: Cut | null) => readFile(file, join(folder, name), state, { slice: { from, to } });
  return wholeOf([slice('first', null, cut), slice('second', cut, null)], knownOf(state));
}

/** Vouchers of one to three rows pairs, with texts that hold line breaks and quotation marks, numbered with gaps. */
const vouchers = fc
  .array(
    fc.record({
      step: fc.integer({ min: 1, max: 3 }),
      pairs: fc.integer({ min: 1, max: 3 }),
      text: fc.constantFrom('Resor', 'Räntan, "mars"\nrad två', 'a\n\n"b"', 'Å'),
      counterparty: fc.constantFrom('', 'Leverantör AB'),
      grant: fc.constantFrom('', '9916', '9929'),
    }),
    { minLength: 2, maxLength: 12 },
  )
  .map((made) => {
    let number = 0;
    return made.flatMap(({ step, pairs, text, counterparty, grant }) => {
      number += step;
      const rows = costRows(String(number), 10 * number, { text, counterparty, grant });
      return Array.from({ length: pairs }, () => rows).flat();
    });
  });

describe('a file that is cut in two', () => {
  it('is cut where a row begins, and the row has the number that an editor shows', () => {
    const text = 'a,b\n1,"x\ny"\n\n2,""""\n3,z\n';
    const at = (offset: number) => text.slice(offset).split(',')[0];
    expect(cutsOf(text).length).toBeGreaterThan(1);
    for (const { offset, row } of cutsOf(text))
      expect([at(offset), row]).toEqual(
        ({ 4: ['1', 2], 12: ['\n2', 4], 13: ['2', 5], 20: ['3', 6], 24: ['', 7] } as Record<number, unknown>)[offset],
      );
  });

  it('comes to what it comes to in one, wherever the cut falls', () => {
    fc.assert(
      fc.property(vouchers, (rows) => {
        const text = csv(...rows);
        writeFileSync(file, text);
        const whole = cameTo(inOne());
        expect(whole.vouchers.length).toBeGreaterThan(1);
        for (const cut of cutsOf(text)) expect(cameTo(inTwo(cut)!)).toEqual(whole);
      }),
      { numRuns: 40 },
    );
  });

  it('is read in one where a number stands on both sides of the cut, or a row on either side is wrong', () => {
    const bad = (...rows: readonly CsvRow[]) => {
      const text = csv(...rows);
      writeFileSync(file, text);
      return cutsOf(text).map(inTwo);
    };
    const fine = [...costRows('1', 10), ...costRows('2', 20), ...costRows('3', 30)];
    expect(bad(...fine).every((read) => read !== null)).toBe(true);
    const split = bad(...costRows('1', 10), ...costRows('2', 20), ...costRows('1', 10));
    expect(split.length).toBeGreaterThan(1);
    expect(split.every((read) => read === null)).toBe(true);
    expect(bad(...fine, { number: '4', amount: 'x' }).every((read) => read === null)).toBe(true);
    expect(bad({ number: '4', amount: 'x' }, ...fine).every((read) => read === null)).toBe(true);
  });

  it('is read by two threads, and once more in one where it is refused: the findings are those of the file in one', async () => {
    for (const last of [costRows('9', 10), costRows('1', 11), [{ number: '9', account: '1', amount: '1.00' }]]) {
      const text = csv(...costRows('1', 10), ...costRows('2', 20), ...costRows('4', 30), ...last);
      writeFileSync(file, text);
      const whole = cameTo(inOne());
      let read = 0;
      const fileYear = { into: fiscalYear(2023), stated: null, asked: true, said: true };
      const asked = { book: 'erp', year: 2023, fileYear, format: 'csv', versions: null, asNew: [] } as const;
      const received = { file, cut: cutsOf(text)[2]!, state, ...asked };
      const came = cameTo(
        await readReceived(
          received,
          () => Promise.resolve(undefined),
          (bytes) => (read = bytes),
        ),
      );
      expect(came).toEqual(whole);
      expect(read).toBeGreaterThanOrEqual(Buffer.byteLength(text));
      await removeSpools(file);
    }
  });
});
