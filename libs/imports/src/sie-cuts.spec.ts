/** A large SIE file is read by two threads: it comes to the same as read in one, wherever it is cut, or is read in one. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fiscalYear, SetProfile, unpacked, type PackedVouchers, type ProfileVersions, type SavedLedger, type VoucherTexts } from '#ledger';
import { Cuts, type Cut } from './cuts.js';
import { anna, founded, knownOf, readFile, temporaryFolder } from './given.js';
import { settings, sie, ver, type Said } from './profile-given.js';
import { wholeOf, type FileRead } from './read-file.js';
import { readReceived, removeSpools } from './reading.js';

let state: SavedLedger;
let versions: ProfileVersions;
const folder = temporaryFolder();
const file = join(folder, 'file');
beforeAll(async () => {
  const commands = await founded();
  const leavingOut = { ...settings, filter: { drop: [{ series: ['UT'] }] } };
  await commands.handle(new SetProfile({ profile: 'erp', validFrom: '2020-01-01', settings: leavingOut }), { caller: anna });
  state = commands.ledger.save();
  versions = commands.ledger.profiles.get('erp')!.versions;
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Where the file is cut. */
function cutOf(bytes: Uint8Array, every: number, block: number, chunk = bytes.length): Cut | null {
  const cuts = new Cuts(every, block);
  for (let at = 0; at < bytes.length; at += chunk) cuts.push(bytes.subarray(at, at + chunk));
  return cuts.middle;
}
/** Every place where the file can be cut. */
function cutsOf(bytes: Uint8Array): Cut[] {
  const found = new Map<number, Cut>();
  for (const block of [64, 1_000])
    for (let every = 1; every < bytes.length; every += 29) {
      const cut = cutOf(bytes, every, block);
      if (cut) found.set(cut.offset, cut);
    }
  return [...found.values()];
}

const at = (spool: string, from: number, length: number) =>
  JSON.parse(readFileSync(spool).toString('utf8', from, from + length)) as unknown;
const cameTo = ({ parts, ...read }: FileRead) => ({
  ...read,
  vouchers: parts.flatMap(({ spool, offset, voucherBytes }) => unpacked(at(spool, offset, voucherBytes) as PackedVouchers)),
  texts: parts.flatMap(({ spool, offset, voucherBytes, textBytes }) => at(spool, offset + voucherBytes, textBytes) as VoucherTexts[]),
  effects: [...read.gathered.effects],
});
const asked = () => ({ format: 'sie', versions }) as const;
const inOne = () => wholeOf([readFile(file, join(folder, 'whole'), state, asked())], knownOf(state))!;
function inTwo(cut: Cut): FileRead | null {
  const slice = (name: string, from: Cut | null, to: Cut | null) =>
    readFile(file, join(folder, name), state, { ...asked(), slice: { from, to } });
  return wholeOf([slice('first', null, cut), slice('second', cut, null)], knownOf(state));
}
const written = (text: string): Uint8Array => {
  const bytes = Buffer.from(text, 'latin1');
  writeFileSync(file, bytes);
  return bytes;
};

/** Vouchers numbered with gaps, some left out by the profile, and whatever is only worth a look. */
const records = fc
  .array(
    fc.record({
      step: fc.integer({ min: 1, max: 3 }),
      said: fc.record<Said>({
        series: fc.constantFrom('A', 'B', 'UT'),
        date: fc.constantFrom('20230314', '20230402'),
        text: fc.constantFrom('Resor', 'R\xe4nta', 'a\x84b', 'a\tb', 'ett "tv\\" tre'),
        objects: fc.constantFrom('1 614 20 9916', '20 9999', '1 614', '1 999', '7 5', '55 x 20 9929', '20 9999 55 y'),
        account: fc.constantFrom('7550', '7550', '4011'),
        counter: fc.constantFrom('2440', '1930'),
        registered: fc.constantFrom('', '20230401', 'igår'),
      }),
      more: fc.constantFrom<readonly string[]>([], [], ['#OKAND 1', '{', '#INNE 2', '}'], [''], ['#VER A 0']),
    }),
    { minLength: 2, maxLength: 14 },
  )
  .map((made) => {
    let number = 0;
    return made.flatMap(({ step, said, more }) => [
      ...ver((number += step), 10 * number, said),
      ...(more[0]?.startsWith('#VER') ? [] : more),
    ]);
  });
const heads: readonly (readonly string[])[] = [
  [],
  ['#KONTO 7550 "Konsulter"', '#KONTO 2440 "Skulder"'],
  ['#UNDERDIM 55 "Del" 20'],
  ['#SIETYP 3'],
];

describe('a SIE file that is cut in two', () => {
  it('is cut where a voucher begins, and the line has the number that an editor shows', () => {
    const text = sie(...ver(1, 1), ...ver(2, 1), ...ver(3, 1));
    const lines = text.split('\n');
    const cuts = cutsOf(written(text));
    expect(cuts.map(({ row }) => lines[row - 1]!.slice(0, 8)).sort()).toEqual(['#VER A 2', '#VER A 3']);
    for (const { offset, row, head } of cuts) {
      expect(text.slice(offset).split('\n')[0]).toBe(lines[row - 1]);
      expect(text.slice(0, head)).toBe(sie());
    }
  });

  it('is cut in the same place whatever chunks it comes in, so that an import that stopped finds the same parts', () => {
    fc.assert(
      fc.property(records, fc.integer({ min: 1, max: 400 }), fc.integer({ min: 1, max: 400 }), (rest, every, chunk) => {
        for (const text of [sie(...rest), sie(...rest).replace('#FLAGGA', 'x,"#')]) {
          const bytes = Buffer.from(text, 'latin1');
          expect(cutOf(bytes, every, 64, chunk)).toEqual(cutOf(bytes, every, 64));
        }
      }),
    );
  });

  it('comes to what it comes to in one, wherever the cut falls: findings, numbers, sums and every byte that is stored', () => {
    let cut = 0;
    fc.assert(
      fc.property(fc.constantFrom(...heads), records, (head, rest) => {
        const bytes = written(sie(...head, ...rest));
        const whole = cameTo(inOne());
        for (const place of cutsOf(bytes)) {
          const both = inTwo(place);
          if (whole.errorsInAll > 0) expect(both).toBeNull();
          else if (both) expect(cameTo(both)).toEqual(whole);
          if (both) cut += 1;
        }
      }),
      { numRuns: 60 },
    );
    expect(cut).toBeGreaterThan(100);
  });

  it.each([
    ['with a control sum', ['#KSUMMA', ...ver(1, 1), ...ver(2, 1), ...ver(3, 1), '#KSUMMA 1']],
    ['with balances', ['#UB 0 1930 1.00', ...ver(1, 1), ...ver(2, 1), ...ver(3, 1)]],
    ['with vouchers that have no number', [...ver('', 1), ...ver('', 1), ...ver('', 1)]],
    ['that was read in somewhere already', ['#FLAGGA 1', ...ver(1, 1), ...ver(2, 1), ...ver(3, 1)]],
    ['with a dimension declared after its vouchers', [...ver(1, 1), ...ver(2, 1), ...ver(3, 1), '#DIM 7 "Sent"']],
    ['with a row that is wrong', [...ver(1, 1), ...ver(2, 1), ...ver(3, 1), '#TRANS 1930 {} 1.00']],
    ['with a voucher whose brace is missing', [...ver(1, 1).slice(0, -1), ...ver(2, 1).slice(0, -1), ...ver(3, 1)]],
    ['with one number twice', [...ver(1, 1), ...ver(2, 1), ...ver(1, 1)]],
  ])('%s is read in one', (_, rest) => {
    const cuts = cutsOf(written(sie(...rest)));
    expect(cuts.length).toBeGreaterThan(0);
    expect(cuts.map(inTwo).every((read) => read === null)).toBe(true);
  });

  it('is read by two threads, and in one where they find that it must be', async () => {
    for (const last of [ver(9, 1), ver(1, 1), ver(9, 1, { account: 'x' }), ver('', 1)]) {
      const bytes = written(sie(...ver(1, 10), ...ver(2, 20), ...ver(4, 30), ...last));
      const whole = cameTo(inOne());
      const cut = cutsOf(bytes)[0]!;
      const fileYear = { into: fiscalYear(2023), stated: null, asked: true, said: true };
      const received = { file, cut, state, book: 'erp', year: 2023, fileYear, asNew: [], ...asked() };
      const nothingKnown = () => Promise.resolve(undefined);
      expect(cameTo(await readReceived(received, nothingKnown, () => undefined))).toEqual(whole);
      await removeSpools(file);
    }
  });
});
