/** Imports that stopped half way, wherever they did: carried to their end as if nothing had happened, or abandoned with the reason in words. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  AbandonImport,
  ClosePeriod,
  ImportVouchers,
  readRecord,
  RecodeCost,
  Refusal,
  RegisterGrant,
  RetireGrant,
  SetProfile,
  SetUnit,
  type Command,
  type ImportOpened,
} from '#ledger';
import { MemoryStore, StoreUnavailable, type StoredRecord } from '#eventstore';
import type { ImportRequest } from './import-request.js';
import { anna } from './given.js';
import { Desk, settings, sie, ver } from './profile-given.js';

/** A store that stores so many appends more, each of one command, and then is gone as if the process had died there. */
class DyingStore extends MemoryStore {
  readonly appendBytes = 1;
  left = Infinity;
  override async append(expected: number, records: readonly StoredRecord[]) {
    if (this.left-- <= 0) throw new StoreUnavailable('unreachable', 'gone');
    return super.append(expected, records);
  }
}

const berit = { login: 'berit', name: 'Berit Alm', role: 'accountant' };
const lines = (amount: number, rows: number) =>
  Array.from({ length: rows }, (_, i) => `#TRANS ${i % 2 ? 2440 : 7550} {1 614 20 9916} ${i % 2 ? -amount : amount}.00`);
/** A voucher too large for one correction. */
const large = (amount: number) => ['#VER A 1 20230314 "Stor"', '{', ...lines(amount, 1_200), '}'];
/** A voucher too large for one part, where a row takes some 25 bytes. */
const larger = ['#VER A 9000 20230415 "Större"', '{', ...lines(5, 11_000), '}'];
const march = sie(...large(10), ...[2, 3, 4, 5].flatMap((number) => ver(number, 100 * number)));
/** March again, where vouchers 1 to 3 say something else and 5 is gone, with April, in several parts. */
const april = sie(
  ...large(20),
  ...[2, 3].flatMap((number) => ver(number, 100 * number + 1)),
  ...ver(4, 400),
  ...Array.from({ length: 2_600 }, (_, i) => ver(6 + i, 1 + i, { date: '20230414' })).flat(),
  ...larger,
);

let before: Desk;
const desks: Desk[] = [];
beforeAll(async () => {
  before = await Desk.open();
  desks.push(before);
  await before.run(march);
});
afterAll(() => {
  for (const desk of desks) desk.close();
});

const asked: Partial<ImportRequest> = { name: 'april.se', id: 'i-april' };
const consents = new Map<string, string | null>();
const consented = async (desk: Desk, text: string, rest: Partial<ImportRequest> = asked) => {
  if (!consents.has(text)) consents.set(text, (await desk.run(text, { ...rest, dryRun: true })).consent);
  const consent = consents.get(text);
  return { ...rest, ...(consent && { consent }) };
};
/** A desk where the import of April has been asked for, and the store stored so many commands of it. */
async function stoppedAfter(commands: number, text = april, of = before, rest: Partial<ImportRequest> = {}) {
  const desk = await of.copy((log) => new DyingStore(log));
  desks.push(desk);
  const request = await consented(desk, text);
  desk.store.left = commands;
  const refusal = await refusalOf(desk.run(text, { ...request, ...rest }));
  await desk.again();
  return Object.assign(desk, { refusal });
}
const refusalOf = (answer: Promise<unknown>) =>
  answer.then(
    () => 'done',
    (error: unknown) => (error instanceof Refusal ? error.refusal : Promise.reject(error as Error)),
  );
const handle = (desk: Desk, command: Command, key?: string) => desk.commands.handle(command, { caller: anna, ...(key && { key }) });
/** All that was stored, but for when. */
const stored = (desk: Desk) => desk.events().map(({ type, data }) => ({ type, data }));
const resumed = (desk: Desk) => desk.imports.resume(anna);
const CANNOT = 'stannade innan den var klar och kan inte återupptas: ';

describe('an import that stopped after any number of its commands', () => {
  let whole: Awaited<ReturnType<typeof stoppedAfter>>;
  let commands = 0;
  beforeAll(async () => {
    whole = await stoppedAfter(Infinity);
    commands = whole.store.log.length - before.store.log.length;
  });

  it('is one of parts, of corrections in parts, of findings and of a close', () => {
    expect(whole.refusal).toBe('done');
    const types = whole.types().slice(before.types().length);
    expect([...new Set(types)]).toEqual(['ImportOpened', 'VouchersImported', 'VoucherCorrected', 'FindingsRecorded', 'ImportClosed']);
    expect(types.filter((type) => type === 'VouchersImported').length).toBeGreaterThan(1);
    expect(types.filter((type) => type === 'VoucherCorrected').length).toBeGreaterThan(3);
    const last = whole.events().findLast(({ type }) => type === 'VouchersImported');
    expect(last).toMatchObject({ data: { vouchers: [{ ref: { number: '9000' }, firstLine: expect.any(Number) }] } }); // goes on from the part before
  });

  it.each<[string, (desk: Desk) => Promise<unknown>, unknown]>([
    ['when the program starts again', (desk) => desk.imports.resume(berit), [{ import: 'i-april', outcome: 'resumed', because: null }]],
    [
      'when its file is offered again, by whatever name and by whomever',
      (desk) => desk.run(april, { name: 'igen.se', caller: berit }),
      expect.objectContaining({ outcome: 'imported', import: 'i-april', corrections: 3, vouchers: 2_601 }),
    ],
  ])(
    '%s goes on as if nothing had happened: every event, once',
    async (_, again, answer) => {
      for (let after = 1; after < commands; after += 1) {
        const desk = await stoppedAfter(after);
        expect(desk.refusal).toBe('import-stopped');
        expect(desk.figures()).toEqual(before.figures());
        expect(await again(desk)).toEqual(answer);
        expect(stored(desk)).toEqual(stored(whole));
        expect(desk.figures()).toEqual(whole.figures());
        expect(desk.kept().sort()).toEqual(whole.kept().sort());
        expect(readdirSync(join(desk.folder, 'incoming'))).toEqual([]);
        expect(desk.told).toEqual(['stopped i-april', 'resumed i-april']);
        desk.close();
      }
    },
    120_000,
  );

  it('and before its first leaves nothing, so that the file is imported from the beginning', async () => {
    const desk = await stoppedAfter(0);
    expect([desk.refusal, await resumed(desk)]).toEqual(['store-unavailable', []]);
    await desk.run(april, await consented(desk, april));
    expect(stored(desk)).toEqual(stored(whole));
  });

  it('can stop again and again, and is told of as long as it is', async () => {
    const desk = await stoppedAfter(1);
    for (let more = 0; more < 3; more += 1) {
      const store = new DyingStore(desk.store.log);
      store.left = 1;
      await desk.begin(store);
      const one = await resumed(desk);
      expect(one).toMatchObject([
        { import: 'i-april', outcome: 'stopped', because: expect.stringContaining('händelselagret svarar inte') },
      ]);
    }
    await desk.again();
    await resumed(desk);
    expect(desk.told).toEqual([...Array.from({ length: 4 }, () => 'stopped i-april'), 'resumed i-april']);
    expect(stored(desk)).toEqual(stored(whole));
  });

  it('stands in the name of who began it, whoever carries on: that person consented to what it changes', async () => {
    const desk = await stoppedAfter(2);
    await desk.imports.resume(berit);
    const actors = desk.store.log.map(({ head, annex }, seq) => readRecord(seq, head, annex).head.actor);
    expect(new Set(actors).size).toBe(1);
  });

  it('says how many vouchers were there already', async () => {
    const half = await stoppedAfter(2);
    const there = half.events().at(-1)!.data as unknown as { vouchers: readonly unknown[] };
    expect(await half.run(april)).toMatchObject({ resumed: there.vouchers.length });
    expect(await half.run(april)).toMatchObject({ outcome: 'already-imported', resumed: null });
  });
});

describe('an import that stopped and cannot be resumed is abandoned, and says why:', () => {
  /** What the program that starts again says, and whether the file can be imported anew. */
  const abandonedFor = async (desk: Desk, because: unknown) => {
    const figures = desk.figures();
    expect(await resumed(desk)).toEqual([{ import: 'i-april', outcome: 'abandoned', because }]);
    expect(desk.events().at(-1)).toMatchObject({ type: 'ImportAbandoned', data: { import: 'i-april', because } });
    expect(desk.figures()).toEqual(figures);
    expect(await resumed(desk)).toEqual([]);
    expect(desk.told).toEqual(['stopped i-april', 'abandoned i-april']);
  };
  const importedAnew = async (desk: Desk, text = april) => {
    const request = await consented(desk, text, { name: 'april.se' });
    expect(await desk.run(text, request)).toMatchObject({ outcome: 'imported', resumed: null });
  };
  const original = (desk: Desk) => desk.imports.original((desk.events().find(({ type, data }) => type === 'ImportOpened' && data.import === 'i-april')!.data as ImportOpened['data']).sha256)!; // prettier-ignore

  it('its original is gone', async () => {
    const desk = await stoppedAfter(3);
    rmSync(original(desk));
    await abandonedFor(desk, `${CANNOT}originalet är inte kvar`);
    await importedAnew(desk);
    expect(original(desk)).not.toBeNull();
  });

  it('its original is gone, though the file is offered again: then it is imported anew', async () => {
    const desk = await stoppedAfter(3);
    rmSync(original(desk));
    await importedAnew(desk);
    expect(desk.types()).toContain('ImportAbandoned');
    expect(original(desk)).not.toBeNull();
  });

  it('who began it, or its file’s name, has been erased', async () => {
    const desk = await stoppedAfter(3);
    const opening = desk.store.log.length - 3;
    desk.store.log[opening] = { ...desk.store.log[opening]!, annex: null };
    await abandonedFor(desk, `${CANNOT}vem som började den, eller filens namn, är raderat`);
  });

  it('its original is not as it came', async () => {
    const desk = await stoppedAfter(3);
    writeFileSync(original(desk), april.replace('20230414', '20230415'));
    await abandonedFor(desk, `${CANNOT}originalet är inte som det kom`);
    await importedAnew(desk);
  });

  it('the register changed since, so that the file is read otherwise', async () => {
    const text = sie(...ver(11, 1), ...ver(12, 2, { objects: '1 614 20 9931' }));
    const desk = await stoppedAfter(1, text);
    await handle(desk, new RegisterGrant({ grant: '9931', name: 'Ny', validFrom: '2023-01-01' }));
    await abandonedFor(desk, `${CANNOT}registret eller boken har ändrats sedan dess, så att filen läses annorlunda`);
    await importedAnew(desk, text);
  });

  it('the program reads the file otherwise than the one that began', async () => {
    const desk = await stoppedAfter(1);
    const part = { import: 'i-april', part: 0, vouchers: [], texts: [] };
    await handle(desk, new ImportVouchers(part), 'i-april-part-0');
    await abandonedFor(desk, `${CANNOT}programmet är ett annat och läser filen annorlunda`);
    await importedAnew(desk);
  });

  it('a grant that it touches has ended', async () => {
    const desk = await stoppedAfter(1, sie(...ver(11, 1, { objects: '1 614 20 9929' })));
    await handle(desk, new RetireGrant({ grant: '9929', lastDay: '2023-12-31' }));
    await abandonedFor(desk, expect.stringMatching(/^9929 avslutades/));
  });

  it.each([
    ['before its change was stored', 1],
    ['after', 8],
  ])('a voucher that it changes was recoded by hand %s', async (_, commands) => {
    const desk = await stoppedAfter(commands);
    expect(desk.types().filter((type) => type === 'VoucherCorrected').length > 1).toBe(commands > 1);
    const voucher = { book: 'erp', year: 2023, series: 'A', number: '2', version: 1 };
    await handle(desk, new RecodeCost({ voucher, line: 1, to: [{ grant: '9929' }], eventDate: '2023-05-02', text: 'Rätt' }));
    await abandonedFor(desk, expect.stringMatching(/^erp-2023-A-2 avslutades, rättades eller kodades om/));
    const again = await desk.refused(april, await consented(desk, april, {}));
    expect(again.findings).toContainEqual(expect.objectContaining({ finding: 'finding-recoding-taken-back' }));
  });
});

describe('an import of which only the chosen rows are kept', () => {
  const filter = { keep: [{ place: { dimension: '20' }, codes: [{ from: '9916' }] }] };
  const out = ver(7, 700, { objects: '1 614 20 9929', text: 'Hemlig' });
  /** Changes vouchers, has new ones in several parts, lacks numbers, and leaves one out. */
  const file = sie(
    ...[1, 2].flatMap((number) => ver(number, 100 * number + 1)),
    ...out,
    ...Array.from({ length: 2_700 }, (_, i) => ver(9 + i, 1 + i, { date: '20230414' })).flat(),
    ...ver(20_000, 5),
  );
  const readings = (desk: Desk) => {
    const place = join(desk.folder, 'readings');
    return existsSync(place) ? readdirSync(place) : [];
  };
  const readingOf = (desk: Desk) =>
    readdirSync(join(desk.folder, 'readings', 'i-april')).map((name) => join(desk.folder, 'readings', 'i-april', name));
  let of: Desk;
  beforeAll(async () => {
    of = await Desk.open([['2020-01-01', { ...settings, filter, keeps: 'chosen-rows' }]]);
    desks.push(of);
    await of.run(sie(...[1, 2, 3].flatMap((number) => ver(number, 100 * number)), ...out));
  });

  it('goes on as it was read, wherever it stopped: every event, once', async () => {
    const whole = await stoppedAfter(Infinity, file, of);
    const commands = whole.store.log.length - of.store.log.length;
    expect([...new Set(whole.types().slice(of.types().length))]).toEqual(['ImportOpened', 'VouchersImported', 'VoucherCorrected', 'FindingsRecorded', 'ImportClosed']); // prettier-ignore
    expect(whole.types().filter((type) => type === 'VouchersImported').length).toBeGreaterThan(2); // several parts, and that of the month before
    for (let after = 0; after < commands; after += 1) {
      const desk = await stoppedAfter(after, file, of);
      expect([desk.refusal, readings(desk)]).toEqual(after === 0 ? ['store-unavailable', []] : ['import-stopped', ['i-april']]);
      if (after === 0) continue;
      expect(await resumed(desk)).toEqual([{ import: 'i-april', outcome: 'resumed', because: null }]);
      expect(stored(desk)).toEqual(stored(whole));
      expect([desk.figures(), desk.kept().sort(), readings(desk)]).toEqual([whole.figures(), whole.kept().sort(), []]);
      desk.close();
    }
  }, 60_000);

  it('leaves nothing behind where its reading could not be kept', async () => {
    const desk = await stoppedAfter(0, file, of);
    mkdirSync(join(desk.folder, 'readings', 'i-april', 'reading'), { recursive: true }); // the disk says no
    await expect(consented(desk, file).then((request) => desk.run(file, request))).rejects.toThrow();
    expect(readings(desk)).toEqual([]);
  });

  it('keeps nothing meanwhile of what its profile leaves out', async () => {
    const desk = await stoppedAfter(2, file, of);
    const kept = readingOf(desk).map((path) => readFileSync(path).toString('latin1'));
    expect(kept.join('')).toContain('Resor');
    expect(kept.join('')).not.toContain('Hemlig');
  });

  it('offered again as a whole goes on too', async () => {
    const desk = await stoppedAfter(2, file, of);
    expect(await desk.run(file)).toMatchObject({ outcome: 'imported', import: 'i-april' });
    expect(readings(desk)).toEqual([]);
  });

  it('goes on as it was read though the register has changed, and is overtaken by what has ended', async () => {
    const [one, two] = [await stoppedAfter(2, file, of), await stoppedAfter(2, file, of)];
    await handle(one, new RegisterGrant({ grant: '9931', name: 'Ny', validFrom: '2023-01-01' }));
    expect(await resumed(one)).toMatchObject([{ outcome: 'resumed' }]);
    const voucher = { book: 'erp', year: 2023, series: 'A', number: '2', version: 1 };
    await handle(two, new RecodeCost({ voucher, line: 1, to: [{ grant: '9929' }], eventDate: '2023-05-02', text: 'Rätt' }));
    expect(await resumed(two)).toMatchObject([{ outcome: 'abandoned', because: expect.stringMatching(/^erp-2023-A-2 /) }]);
    expect(readings(two)).toEqual([]);
  });

  it.each([
    ['gone', (desk: Desk) => rmSync(join(desk.folder, 'readings'), { recursive: true })],
    [
      'altered',
      (desk: Desk) =>
        readingOf(desk).forEach((path) => writeFileSync(path, readFileSync(path).toString('latin1').replace('9916', '9917'), 'latin1')),
    ],
    ['cut off', (desk: Desk) => readingOf(desk).forEach((path) => writeFileSync(path, readFileSync(path).subarray(0, 100)))],
  ])('whose reading is %s is abandoned, and says that the file must be read again', async (_, harm) => {
    const desk = await stoppedAfter(2, file, of);
    harm(desk);
    expect(await resumed(desk)).toMatchObject([
      { outcome: 'abandoned', because: expect.stringContaining('bara de valda raderna är sparade; läs in filen igen') },
    ]);
    const again = await consented(desk, file, { name: 'april.se' });
    expect(await desk.run(file, again)).toMatchObject({ outcome: 'imported', resumed: null });
    expect(readings(desk)).toEqual([]);
  });

  it('given up by hand leaves nothing behind when the program starts again', async () => {
    const desk = await stoppedAfter(2, file, of);
    await handle(desk, new AbandonImport({ import: 'i-april', because: 'fel fil' }));
    await desk.again();
    expect(readings(desk)).toEqual([]);
  });
});

describe('an import of what the accountant said was new', () => {
  it('goes on with that, whoever carries on and however', async () => {
    const of = await Desk.open();
    desks.push(of);
    await of.run(sie(...[1, 2, 3].flatMap((number) => ver(number, 100 * number))));
    const again = sie(...ver(4, 200));
    const [one, two] = [await stoppedAfter(1, again, of, { asNew: ['erp-2023-A-4'] }), await stoppedAfter(1, again, of, { asNew: ['erp-2023-A-4'] })]; // prettier-ignore
    expect(await resumed(one)).toMatchObject([{ outcome: 'resumed' }]);
    expect(await two.run(again)).toMatchObject({ outcome: 'imported', import: 'i-april', asNew: [{ from: 'erp-2023-A-2' }] });
    expect(one.figures()).toEqual(two.figures());
    expect(one.figures()).toMatchObject({ '7550 614 9916 cost 2023-03': '80000' });
  });
});

describe('an import into a year', () => {
  const closing = { period: { from: 'voucher-date' as const, closingSeries: [{ series: 'B', month: 13 as const }] } };
  const january = sie(...ver(1, 100), ...ver(1, 5, { series: 'B', date: '20240110' })).replace(/#RAR[^\n]*\n/, '');

  it.each([
    ['was asked for, and leaves the others out', { year: 2023 }, 1],
    ['the file says, closing vouchers of January included', {}, 2],
  ])('that %s goes on so', async (_, year, vouchers) => {
    const of = await Desk.open([['2020-01-01', { ...settings, ...closing }]]);
    desks.push(of);
    const desk = await stoppedAfter(1, january, of, year);
    expect(desk.refusal).toBe('import-stopped');
    expect(await resumed(desk)).toMatchObject([{ outcome: 'resumed' }]);
    expect(desk.vouchers()).toHaveLength(vouchers);
  });
});

describe('a selection that stopped', () => {
  it('goes on with the control totals that came with it', async () => {
    const of = await Desk.open([['2020-01-01', { ...settings, kind: 'selection' }]]);
    desks.push(of);
    const control = [{ account: '7550', grant: '9916', period: '2023-03', amountOre: 10_000 }];
    const desk = await stoppedAfter(1, sie(...ver(1, 100)), of, { control });
    expect(await resumed(desk)).toMatchObject([{ outcome: 'resumed' }]);
    expect(desk.types()).toEqual(['ImportOpened', 'ControlTotalsRecorded', 'VouchersImported', 'ImportClosed']);
  });

  it.each([
    ['the same', 10_000, []],
    ['others', 9_000, ['ControlTotalsRecorded']],
  ])('and goes on with its file and %s control totals: what is known is not recorded again', async (_, amountOre, more) => {
    const of = await Desk.open([['2020-01-01', { ...settings, kind: 'selection' }]]);
    desks.push(of);
    const control = [{ account: '7550', grant: '9916', period: '2023-03', amountOre: 10_000 }];
    const text = sie(...ver(1, 100));
    const desk = await stoppedAfter(1, text, of, { control });
    expect(await desk.run(text, { control: [{ ...control[0]!, amountOre }] })).toMatchObject({ outcome: 'imported', resumed: 0 });
    expect(desk.types()).toEqual(['ImportOpened', 'ControlTotalsRecorded', 'VouchersImported', 'ImportClosed', ...more]);
  });
});

describe('while an import has stopped', () => {
  it('a register that changes in what it does not touch is no hindrance', async () => {
    const desk = await stoppedAfter(3);
    await handle(desk, new SetUnit({ unit: '700', name: 'Ny', kind: 'unit', parent: 'REG', validFrom: '2023-01-01' }));
    expect(await resumed(desk)).toMatchObject([{ outcome: 'resumed' }]);
  });

  it('its periods and its profile stay as they are, and another file of the book waits: the refusal says what to do', async () => {
    const desk = await stoppedAfter(3);
    const no = expect.objectContaining({
      refusal: 'import-open',
      message: expect.stringMatching(/läs in samma fil igen så fortsätter den, eller avbryt den \(liggare import abandon i-april\)/),
    });
    await expect(handle(desk, new ClosePeriod({ period: '2023-04' }))).rejects.toEqual(no);
    await expect(handle(desk, new SetProfile({ profile: 'erp', validFrom: '2023-01-01', settings }))).rejects.toEqual(no);
    await expect(desk.run(sie(...ver(9_999, 1)))).rejects.toEqual(no);
    await resumed(desk);
    expect(await refusalOf(handle(desk, new ClosePeriod({ period: '2023-04' })))).toBe('done');
  });

  it('its file can be tried, which changes nothing', async () => {
    const desk = await stoppedAfter(3);
    const { length } = desk.store.log;
    expect(await desk.run(april, { dryRun: true })).toMatchObject({ outcome: 'dry-run', corrections: 3 });
    expect(desk.store.log).toHaveLength(length);
  });

  it('one at a time carries on with it, however many ask at once', async () => {
    const desk = await stoppedAfter(3);
    const answers = await Promise.all([
      refusalOf(desk.run(april)),
      refusalOf(desk.run(april)),
      resumed(desk).then(([one]) => one?.outcome),
    ]);
    expect(answers.filter((answer) => answer === 'done' || answer === 'resumed')).toHaveLength(1);
    for (const answer of answers) expect(['done', 'resumed', 'import-open', undefined]).toContain(answer);
    expect(desk.types().filter((type) => type === 'ImportClosed')).toHaveLength(2);
    expect(desk.imports.progressOf('i-april')).toBeNull();
  });

  it('how far it has come is known while it goes on', async () => {
    const desk = await stoppedAfter(3);
    const met = new Set<string>();
    await desk.run(april, {}, 'cp437', ({ stage }) => met.add(`${stage} ${desk.imports.progressOf('i-april')?.stage}`));
    expect([...met]).toEqual(['receiving undefined', 'reading reading', 'posting posting']);
  });

  it('one of another machine is left alone, and it is said what to do where that is gone for ever', async () => {
    const desk = await stoppedAfter(3);
    await desk.again(() => false);
    expect(await resumed(desk)).toEqual([]);
    expect(await refusalOf(desk.run(april))).toBe('import-elsewhere');
    expect(await refusalOf(desk.run(sie(...ver(9_999, 1))))).toBe('import-elsewhere');
  });
});
