/** A file that has changed corrects exactly the vouchers that differ: the number's next versions, as of the import's close. */
import { describe, expect, it } from '@jest/globals';
import { canonical, type Json } from '../canonical.js';
import type { Finding } from '../events.js';
import { RetireGrant } from '../register/grant.js';
import { foundIn, type Story } from '../given.js';
import { EVENT_BYTES } from '../limits.js';
import { ClosePeriod } from '../period.js';
import { closeYear, cost, erpLine, erpVoucher, file, importedCost, line, recode, region } from '../region-given.js';
import type { Line, Voucher } from '../voucher.js';
import { CorrectVoucher } from '../vouchers/correct-voucher.js';
import { CorrectImported } from './correct-imported.js';
import { unfinishedCorrections } from './correction-parts.js';
import { AbandonImport, CloseImport, ImportVouchers, OpenImportOfFile, RecordFindings, RefuseImport } from './import.js';
import { SettleFindings } from './settle-findings.js';

const erp = { book: 'erp', year: 2023, series: 'LEV', number: '153', version: 1 };
const second = { ...erp, version: 2 };
const third = { ...erp, version: 3 };
const costLine = (amountOre: number, rest: Partial<Line> = {}) => erpLine('7550', amountOre, { effect: 'cost', row: 2, ...rest });
const changed = (amountOre: number, rest: Partial<Voucher> = {}, grant: Partial<Line> = {}): Voucher =>
  erpVoucher('153', [costLine(amountOre, grant), erpLine('2440', -amountOre, { row: 3 })], { fingerprint: 'fedcba9876543210', ...rest });

const open = (id = 'b2', rest: Partial<OpenImportOfFile['input']> = {}) =>
  new OpenImportOfFile({ ...file, import: id, sha256: id.repeat(32), vouchers: 0, corrections: 1, periods: [], readAtSeq: 1_000, ...rest });
const correct = (rest: Partial<CorrectImported['input']> = {}, voucher = changed(90_000), id = 'b2') =>
  new CorrectImported({
    import: id,
    corrects: erp,
    replacement: { voucher, texts: { text: 'Konsult mars, rättad', counterparty: 'Leverantör AB' } },
    reason: 'Ändrad i mars.csv',
    ...rest,
  });
const close = (id = 'b2') => new CloseImport({ import: id });
const byHand = (voucher = erp, rest: Partial<CorrectVoucher['input']> = {}) =>
  new CorrectVoucher({ voucher, reason: 'Fel belopp', eventDate: '2023-05-20', ...rest });

const march = region.and(...importedCost(100_000));
const under = march.and(open());
const after = under.and(correct(), close());

describe('a voucher that a file has changed', () => {
  it('is taken back and replaced by the next versions of its number, which say of each other', () => {
    const outcome = under.when(correct());
    outcome.then({
      type: 'VoucherCorrected',
      data: {
        corrects: erp,
        import: 'b2',
        vouchers: [
          { ref: second, eventDate: '2023-03-14', reverses: erp },
          { ref: third, eventDate: '2023-03-14', replaces: erp, act: 'import', fingerprint: 'fedcba9876543210' },
        ],
      },
      annex: {
        reason: 'Ändrad i mars.csv',
        vouchers: [
          { text: 'Ändrad i mars.csv', counterparty: 'Leverantör AB', document: 'faktura 12' },
          { text: 'Konsult mars, rättad', counterparty: 'Leverantör AB' },
        ],
      },
    });
    outcome.thenLines(
      { account: '7550', amountOre: -100_000, effect: 'cost', period: '2023-03' },
      { account: '2440', amountOre: 100_000 },
      { account: '7550', amountOre: 90_000, row: 2 },
      { account: '2440', amountOre: -90_000 },
    );
    outcome.thenFinds();
    outcome.thenWarns();
  });
  it('stands as it was until the import closes', () => {
    const ledger = under.and(correct()).ledger();
    expect(ledger.standing(erp)).toMatchObject({ version: 1, fingerprint: '0123456789abcdef' });
    expect(ledger.locate(third)).toBeNull();
    expect(ledger.corrected.size).toBe(0);
  });
  it('is found in its new version from the close on, and counts once', () => {
    const ledger = under.and(correct({}, changed(90_000, {}, { grant: '9957' })), close()).ledger();
    expect(ledger.standing(erp)).toEqual({ version: 3, seq: 17, fingerprint: 'fedcba9876543210' });
    expect([erp, second, third, { ...erp, version: 4 }].map((ref) => ledger.locate(ref))).toEqual([14, 17, 17, null]);
    expect(ledger.sums.of('net|9957|2023')).toBe(90_000n);
    expect(ledger.corrected.get('erp-2023-LEV-153')).toEqual({ seq: 17, by: ['erp-2023-LEV-153~2', 'erp-2023-LEV-153~3'] });
  });
  it('is as it was where the import is abandoned', () => {
    const ledger = under.and(correct(), new AbandonImport({ import: 'b2', because: 'Avbruten' })).ledger();
    expect(ledger.standing(erp)?.version).toBe(1);
    expect(ledger.sums.size).toBe(march.ledger().sums.size);
  });
  it('keeps its lines of nothing, with nothing', () =>
    region
      .and(
        open('a1', { vouchers: 1, corrections: 0 }),
        new ImportVouchers({ import: 'a1', part: 0, vouchers: [erpVoucher('153', [costLine(0)])], texts: [{ text: 'Noll' }] }),
        close('a1'),
        open(),
      )
      .when(correct({}, erpVoucher('153', [costLine(5)])))
      .thenLines({ amountOre: 0 }, { amountOre: 5 }));
  it('can be changed by file after file', () =>
    after
      .and(open('c3'))
      .when(correct({ corrects: third }, changed(80_000, { fingerprint: '00000000000000aa' }), 'c3'))
      .then({
        type: 'VoucherCorrected',
        data: {
          corrects: third,
          vouchers: [
            { ref: { ...erp, version: 4 }, reverses: third },
            { ref: { ...erp, version: 5 }, replaces: third },
          ],
        },
      }));
  it('is corrected once by an import, from what stands, with a reason', () => {
    under.and(correct()).when(correct()).thenRefused('already-corrected', { voucher: 'erp-2023-LEV-153', seq: 17 });
    after
      .and(open('c3'))
      .when(correct({}, changed(1), 'c3'))
      .thenRefused('voucher-not-standing', { voucher: 'erp-2023-LEV-153' });
    under.when(correct({ corrects: { ...erp, number: '154' } })).thenRefused('voucher-unknown', { voucher: 'erp-2023-LEV-154' });
    under.when(correct({ reason: '' })).thenRefused('text-missing', { field: 'reason' });
  });
  it('is corrected inside an open import into its own book and year', () => {
    march.when(correct()).thenRefused('import-not-open', { import: 'b2' });
    march
      .and(open('b2', { year: 2024 }))
      .when(correct())
      .thenRefused('voucher-of-other-book', { voucher: 'erp-2023-LEV-153', book: 'erp', year: 2024 });
    under.when(correct({}, changed(1, { ref: { ...erp, book: 'pay' } }))).thenRefused('voucher-of-other-book');
  });
  it('must have come before the close, as many as were announced', () => {
    under.when(close()).thenRefused('import-incomplete', { arrived: 0, vouchers: 1 });
    march
      .and(open('b2', { corrections: 2 }), correct())
      .when(close())
      .thenRefused('import-incomplete', { arrived: 1, vouchers: 2 });
    march
      .and(open('b2', { corrections: 0 }), correct())
      .when(close())
      .thenRefused('import-incomplete', { arrived: 1, vouchers: 0 });
  });
});

describe('a changed voucher that is too large for one event', () => {
  const many = 3_000;
  const large = (ore: number) =>
    erpVoucher('153', [...Array.from({ length: many }, (_, i) => costLine(ore, { row: i + 2 })), erpLine('2440', -many * ore)]);
  const there = region.and(
    open('a1', { vouchers: 1, corrections: 0 }),
    new ImportVouchers({ import: 'a1', part: 0, vouchers: [large(100)], texts: [{ text: 'Lön' }] }),
    close('a1'),
    recode([{ grant: '9916', amountOre: 60 }], { voucher: erp, line: 2 }),
    open(),
  );
  const to = large(90);
  const part = (number: number) =>
    correct({
      part: number,
      replacement: { voucher: to, texts: { text: 'Lön, ändrad', lines: to.lines.map((_, i) => (i === many ? '' : `rad ${i}`)) } },
    });
  const parts = (story: Story) => {
    let [whole, left] = [story.and(part(0)), [{ corrects: erp, part: 0 }] as ReturnType<typeof unfinishedCorrections>];
    while ((left = unfinishedCorrections('b2', whole.ledger())).length) whole = whole.and(part(left[0]!.part));
    return whole;
  };
  const whole = parts(there);
  it('comes in parts, one after the other, each of which an event can hold', () => {
    const events = whole.events.slice(there.events.length).filter(({ type }) => type === 'VoucherCorrected');
    expect(events.length).toBeGreaterThan(4);
    for (const event of events) expect(canonical(event as unknown as Json).length).toBeLessThan(EVENT_BYTES / 2);
    there.when(part(1)).thenRefused('import-part-out-of-order', { part: 1, expected: 0 });
    there.and(part(0)).when(part(0)).thenRefused('import-part-out-of-order', { part: 0, expected: 1 });
    whole.when(part(1)).thenRefused('already-corrected');
  });
  it('is not closed before the last of them has come', () => {
    there.and(part(0)).when(close()).thenRefused('import-incomplete', { arrived: 0, vouchers: 1 });
    whole.when(close()).then({ type: 'ImportClosed' });
  });
  it('is whole again when it is found, and has one version more than the reversal', () => {
    const closed = whole.and(close());
    const [reversal, replacement] = [second, third].map((ref) => foundIn(closed.events, closed.ledger(), ref)!.voucher);
    expect(replacement!.lines).toEqual(to.lines);
    expect(reversal!.lines).toHaveLength(many + 3);
    expect(reversal!.takesBack!.slice(0, 5)).toEqual([1, 2, 2, 2, 3]);
    const { sums } = closed.ledger();
    expect(sums.of('net|9916|2023')).toBe(0n);
    expect(closed.ledger().standing(erp)?.version).toBe(3);
  });
  it('is asked about once: what came with it is found with its first part', () =>
    expect(whole.events.filter(({ type }) => type === 'FindingsRecorded')).toHaveLength(1));
});

describe('a changed voucher and what was done with it here', () => {
  const recodeErp = (to: string, rest: object = {}) => recode([{ grant: to }], { voucher: erp, ...rest });
  it('is taken back where it stands now; each recoding that goes with it is a finding', () => {
    const outcome = march.and(recode([{ grant: '9916', amountOre: 60_000 }], { voucher: erp }), open()).when(correct());
    outcome.thenFinds('finding-recoding-taken-back');
    expect(outcome.findings).toEqual([
      { row: 2, finding: 'finding-recoding-taken-back', facts: { voucher: 'erp-2023-LEV-153', line: 1, grant: '9916', amountOre: 60_000 } },
    ]);
    expect(outcome.events[0]!.data).toMatchObject({
      vouchers: [
        {
          takesBack: [1, 1, 1, 2],
          lines: [
            { account: '7550', amountOre: 60_000, period: '2023-05' },
            { account: '7550', amountOre: -100_000, period: '2023-03' },
            { account: '7550', amountOre: -60_000, period: '2023-05', grant: '9916', effect: 'cost' },
            { account: '2440', amountOre: 100_000, period: '2023-03' },
          ],
        },
        {},
      ],
    });
    expect(outcome.after.and(close()).ledger().sums.of('net|9916|2023')).toBe(0n);
  });
  it('is taken back in the period of the recoding as well, or the first open one after it', () => {
    const outcome = march.and(recodeErp('9916'), new ClosePeriod({ period: '2023-05' }), open()).when(correct());
    outcome.thenLines(
      { amountOre: 100_000, period: '2023-06' },
      { amountOre: -100_000, period: '2023-03' },
      { amountOre: -100_000, period: '2023-06', grant: '9916' },
      { account: '2440', period: '2023-03' },
      { period: '2023-03' },
      { period: '2023-03' },
    );
  });
  it('nothing of it is left where it was recoded whole, and there and back is no recoding', () => {
    const whole = march.and(recodeErp('9917'), open()).when(correct());
    expect(whole.findings).toMatchObject([{ facts: { grant: '9917', amountOre: 100_000 } }]);
    const { sums } = whole.after.and(close()).ledger();
    expect([...sums.entries()].filter(([, ore]) => ore !== 0n)).toEqual([]);
    march
      .and(recodeErp('9917'), recode([{}], { voucher: erp, from: { grant: '9917' } }), open())
      .when(correct())
      .thenFinds();
  });
  it('that was corrected here is only replaced, and our own vouchers are named in a finding', () => {
    const corrected = march.and(byHand(erp, { replacement: { lines: [line('7550', 95_000), line('2440', -95_000)] } }), open());
    const outcome = corrected.when(correct());
    outcome.thenFinds('finding-corrected-here');
    expect(outcome.findings[0]!.facts).toEqual({ voucher: 'erp-2023-LEV-153', own: 'own-2023-1, own-2023-2' });
    outcome.then(
      { type: 'VoucherCorrected', data: { corrects: erp, vouchers: [{ ref: second, replaces: erp }] } },
      { type: 'FindingsRecorded', data: { import: 'b2' } },
    );
    const ledger = outcome.after.and(close()).ledger();
    expect(ledger.standing(erp)?.version).toBe(2);
    expect(ledger.corrected.get('erp-2023-LEV-153')?.by).toEqual(['own-2023-1', 'own-2023-2']);
  });
  it('may be recoded or corrected by hand meanwhile; the close then refuses', () => {
    const half = under.and(correct());
    half.and(recodeErp('9916')).when(close()).thenRefused('import-overtaken', { code: 'erp-2023-LEV-153' });
    half.and(byHand()).when(close()).thenRefused('import-overtaken', { code: 'erp-2023-LEV-153' });
    half
      .and(cost(5), new CorrectVoucher({ voucher: { ...erp, book: 'own', series: '', number: '1' }, reason: 'x', eventDate: '2023-05-20' }))
      .when(close())
      .then({ type: 'ImportClosed' });
  });
  it('that people recoded or corrected after the file was opened is not taken back: nobody consented to that', () => {
    under.and(recodeErp('9916')).when(correct()).thenRefused('import-overtaken', { code: 'erp-2023-LEV-153' });
    under.and(byHand()).when(correct()).thenRefused('import-overtaken', { code: 'erp-2023-LEV-153' });
  });
  it('is recoded and corrected by hand in its standing version, no longer in the others', () => {
    after
      .when(recode([{ grant: '9916' }], { voucher: third }))
      .then({ type: 'CostRecoded', data: { vouchers: [{ recodes: { voucher: third, line: 1 } }] } });
    after.when(byHand(third)).then({ type: 'VoucherCorrected', data: { corrects: third, vouchers: [{ reverses: third }] } });
    after.when(byHand()).thenRefused('already-corrected', { voucher: 'erp-2023-LEV-153', seq: 17 });
    after.when(byHand(second)).thenRefused('reversal-is-final', { voucher: 'erp-2023-LEV-153~2' });
    after.when(recodeErp('9916')).thenRefused('line-of-a-corrected-voucher');
  });
  it('findings that came with it are there to settle', () => {
    const settle = new SettleFindings({ findings: ['19.1'], reason: 'Kodad på nytt' });
    march.and(recodeErp('9916'), open(), correct(), close()).when(settle).then({ type: 'FindingsSettled' });
  });
});

describe('a changed voucher of a closed period', () => {
  it('is taken back and replaced in the first open one, and dated there', () => {
    const outcome = march.and(new ClosePeriod({ period: '2023-03' }), new ClosePeriod({ period: '2023-04' }), open()).when(correct());
    outcome.thenLines(...Array.from({ length: 4 }, () => ({ period: '2023-05' })));
    outcome.then({ type: 'VoucherCorrected', data: { vouchers: [{ eventDate: '2023-05-01' }, { eventDate: '2023-05-01' }] } });
    outcome.thenWarns();
  });
  it('of a closed year stands in the next one, and says which year it concerns', () => {
    const outcome = march.and(...closeYear(2023), new ClosePeriod({ period: '2024-01' }), open()).when(correct());
    outcome.thenLines(...Array.from({ length: 4 }, () => ({ period: '2024-02' })));
    outcome.then({
      type: 'VoucherCorrected',
      data: {
        vouchers: [
          { ref: second, eventDate: '2024-02-01', concernsYear: 2023 },
          { ref: third, eventDate: '2024-02-01', concernsYear: 2023 },
        ],
      },
    });
    outcome.thenWarns('warning-closed-year');
  });
  it('of a closed closing period stands in the next year', () =>
    region
      .and(
        open('a1', { vouchers: 1, corrections: 0 }),
        new ImportVouchers({
          import: 'a1',
          part: 0,
          vouchers: [erpVoucher('153', [erpLine('7550', 5, { effect: 'cost', period: '2023-13' })])],
          texts: [{ text: 'Bokslut' }],
        }),
        close('a1'),
      )
      .and(new ClosePeriod({ period: '2023-13' }), open())
      .when(correct({}, erpVoucher('153', [erpLine('7550', 6, { effect: 'cost', period: '2023-13' })])))
      .thenLines({ period: '2024-01' }, { period: '2024-01' }));
  it('keeps the period open that it goes into until the import has closed', () =>
    march
      .and(new ClosePeriod({ period: '2023-03' }), open(), correct())
      .when(new ClosePeriod({ period: '2023-04' }))
      .thenRefused('import-open', { import: 'b2' }));
  it('warns of a grant that has ended and gets amounts again', () => {
    const coded = region.and(
      open('a1', { vouchers: 1, corrections: 0 }),
      new ImportVouchers({
        import: 'a1',
        part: 0,
        vouchers: [erpVoucher('153', [costLine(5, { grant: '9957' }), costLine(-5, { grant: '9957' })])],
        texts: [{ text: 'x' }],
      }),
      close('a1'),
      new RetireGrant({ grant: '9957', lastDay: '2023-12-31' }),
      open(),
    );
    coded.when(correct()).thenWarns('warning-grant-retired');
  });
  it('a grant that it touches and that ends meanwhile stops the close', () =>
    under
      .and(
        correct({}, erpVoucher('153', [costLine(5, { grant: '9957' }), costLine(-5, { grant: '9957' })])),
        new RetireGrant({ grant: '9957', lastDay: '2023-02-28' }),
      )
      .when(close())
      .thenRefused('import-overtaken', { code: '9957' }));
});

describe('a voucher that a file has under another number', () => {
  const elsewhere = { ...erp, series: 'LR', number: '9' };
  const moved = under.and(correct({}, changed(100_000, { ref: elsewhere })), close());
  it('is taken back where it was, and stands under the new number as its first version', () => {
    under.when(correct({}, changed(100_000, { ref: elsewhere }))).then({
      type: 'VoucherCorrected',
      data: {
        corrects: erp,
        vouchers: [
          { ref: second, reverses: erp },
          { ref: elsewhere, replaces: erp },
        ],
      },
    });
    const ledger = moved.ledger();
    expect(ledger.standing(erp)).toBeNull();
    expect(ledger.standing(elsewhere)).toEqual({ version: 1, seq: 17, fingerprint: 'fedcba9876543210' });
    expect([ledger.nextVersion(erp), ledger.nextVersion(elsewhere), ledger.nextVersion({ ...erp, number: '999' })]).toEqual([3, 2, 1]);
  });
  it('can move back, as the old number’s next version', () =>
    moved
      .and(open('c3'))
      .when(correct({ corrects: elsewhere }, changed(100_000), 'c3'))
      .then({
        type: 'VoucherCorrected',
        data: {
          vouchers: [
            { ref: { ...elsewhere, version: 2 }, reverses: elsewhere },
            { ref: third, replaces: elsewhere },
          ],
        },
      }));
  it('leaves a number that a later file can use again, with nothing to take back', () => {
    const again = moved.and(open('c3')).when(correct({}, changed(7), 'c3'));
    again.then({ type: 'VoucherCorrected', data: { corrects: erp, vouchers: [{ ref: third, replaces: erp }] } });
    expect(again.after.and(close('c3')).ledger().standing(erp)).toMatchObject({ version: 3 });
  });
  it('never moves to a number where another voucher stands, or came with the same file', () => {
    const two = under.and(
      new AbandonImport({ import: 'b2', because: 'x' }),
      open('c3', { vouchers: 1, corrections: 0 }),
      new ImportVouchers({ import: 'c3', part: 0, vouchers: [erpVoucher('154', [costLine(5)])], texts: [{ text: 'x' }] }),
    );
    two
      .and(close('c3'), open('d4'))
      .when(correct({}, changed(1, { ref: { ...erp, number: '154' } }), 'd4'))
      .thenRefused('number-taken', { voucher: 'erp-2023-LEV-154' });
    two
      .when(correct({}, changed(1, { ref: { ...erp, number: '154' } }), 'c3'))
      .thenRefused('number-taken', { voucher: 'erp-2023-LEV-154' });
    const dead = two.and(
      close('c3'),
      open('d4'),
      correct({ corrects: { ...erp, number: '154' } }, changed(5, { ref: elsewhere }), 'd4'),
      close('d4'),
      open('e5', { corrections: 2 }),
    );
    const back = correct({ corrects: elsewhere }, changed(5, { ref: { ...erp, number: '154' } }), 'e5');
    const used = dead.and(back);
    used.when(correct({}, changed(5, { ref: { ...erp, number: '154' } }), 'e5')).thenRefused('number-taken');
    used
      .when(correct({ corrects: { ...erp, number: '154' } }, changed(5, { ref: { ...erp, number: '154' } }), 'e5'))
      .thenRefused('number-taken', { voucher: 'erp-2023-LEV-154' });
  });
});

describe('findings', () => {
  const findings: Finding[] = [
    { row: 2, finding: 'finding-without-counterparty', facts: { voucher: 'LEV 153' } },
    { row: 3, finding: 'finding-number-gap', facts: { series: 'LEV', from: 1, to: 2 } },
  ];
  const [opened, part, closed] = importedCost(5);
  const found = region.and(opened!, part!, new RecordFindings({ import: 'a1', findings }));
  const settle = (named: readonly string[], reason = 'Kontrollerat') => new SettleFindings({ findings: named, reason });
  it('stay until somebody settles them, with a reason', () => {
    const there = found.and(closed!);
    there
      .when(settle(['15.2', '15.1']))
      .then({ type: 'FindingsSettled', data: { findings: ['15.2', '15.1'] }, annex: { reason: 'Kontrollerat' } });
    there.when(settle(['15.1'], '')).thenRefused('text-missing', { field: 'reason' });
    there.when(settle([])).thenRefused('text-missing', { field: 'findings' });
  });
  it('are settled once', () => {
    const there = found.and(closed!, settle(['15.2']));
    there.when(settle(['15.2'])).thenRefused('finding-settled', { finding: '15.2' });
    there.when(settle(['15.1', '15.1'])).thenRefused('finding-settled', { finding: '15.1' });
    there.when(settle(['15.1'])).then({ type: 'FindingsSettled' });
  });
  it.each(['15.0', '15.3', '14.1', '15', '15.1.1', 'x', ''])('are named by event and place, counted from 1: not %j', (wrong) =>
    found
      .and(closed!)
      .when(settle([wrong]))
      .thenRefused('finding-unknown', { finding: wrong }),
  );
  it('of a refused file are settled as well', () => {
    const refused = new RefuseImport({ ...file, findings, findingsInAll: 7 });
    region
      .and(refused)
      .when(settle(['13.2']))
      .then({ type: 'FindingsSettled' });
    region
      .and(refused)
      .when(settle(['13.3']))
      .thenRefused('finding-unknown');
  });
  it('of an import that is open, or was abandoned, are nobody’s to settle', () => {
    found.when(settle(['15.1'])).thenRefused('finding-unknown');
    found
      .and(new AbandonImport({ import: 'a1', because: 'x' }))
      .when(settle(['15.1']))
      .thenRefused('finding-unknown');
  });
});
