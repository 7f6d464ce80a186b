/** The same vouchers by two roads: a month's selection and then its whole vouchers, each into a book of its own, would count twice. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { SetProfile, type ProfileSettings } from '#ledger';
import { anna } from './given.js';
import { addsUp, Desk, saidOf, settings, sie, ver } from './profile-given.js';

const selection: ProfileSettings = { ...settings, kind: 'selection', book: 'urval' };
let desk: Desk;
beforeEach(async () => {
  desk = await Desk.open();
  await desk.commands.handle(new SetProfile({ profile: 'urval', validFrom: '2020-01-01', settings: selection }), { caller: anna });
});
afterEach(() => desk.close());

const whole = sie(...Array.from({ length: 40 }, (_, i) => ver(i + 1, 100 + i)).flat());
/** The cost lines of those vouchers. */
const chosen = (from: number, to: number, kronor = 100) =>
  sie(
    ...Array.from({ length: to - from }, (_, i) => [
      `#VER A ${from + i + 1} 20230314 "Resor"`,
      '{',
      `#TRANS 7550 {20 9916} ${kronor + from + i}.00`,
      '}',
    ]).flat(),
  );
const elsewhere = (book: string, vouchers: number, looked: number, example: string) => ({
  row: 1,
  finding: 'file-vouchers-in-other-book',
  facts: { book, vouchers, looked, example },
});

describe('vouchers that another book holds already', () => {
  it('are asked about, a selection after the whole vouchers, and count twice only with consent', async () => {
    await desk.run(whole);
    const figures = desk.figures();
    const refused = await desk.refused(chosen(0, 40), { profile: 'urval' });
    expect(refused).toMatchObject({ refusal: 'file-asks-consent', findings: [elsewhere('erp', 40, 40, 'erp-2023-A-1')] });
    expect(desk.figures()).toEqual(figures);
    expect(await desk.run(chosen(0, 40), { profile: 'urval', dryRun: true })).toMatchObject({
      asks: refused.findings,
      consent: refused.consent,
    });
    const result = await desk.consented(chosen(0, 40), { profile: 'urval' });
    expect([result.vouchers, addsUp(result)]).toEqual([40, true]);
  });
  it('are asked about the other way too, and so is a second book of whole vouchers', async () => {
    await desk.run(chosen(0, 40), { profile: 'urval' });
    expect(saidOf((await desk.refused(whole)).findings)).toEqual(['1 file-vouchers-in-other-book']);
    await desk.commands.handle(new SetProfile({ profile: 'andra', validFrom: '2020-01-01', settings: { ...settings, book: 'andra' } }), {
      caller: anna,
    });
    await desk.consented(whole);
    expect((await desk.refused(`${whole}\r\n`, { profile: 'andra' })).findings).toMatchObject([
      elsewhere('erp', 40, 40, 'erp-2023-A-1'),
      elsewhere('urval', 40, 40, 'urval-2023-A-1'),
    ]);
  });
  it('are told from others that only have the same numbers, and asked about where half of them are the same', async () => {
    await desk.run(whole);
    expect(await desk.run(chosen(0, 40, 7_000), { profile: 'urval' })).toMatchObject({ outcome: 'imported', asks: [] });
    await desk.commands.handle(new SetProfile({ profile: 'urval2', validFrom: '2020-01-01', settings: { ...selection, book: 'urval2' } }), {
      caller: anna,
    });
    const bare = (text: string) => text.replace(/^[^]*?(?=#VER)/, '');
    const file = (same: number) => chosen(40 - same, 40) + bare(chosen(0, 20, 9_000)) + bare(chosen(40, 60));
    const asked = async (same: number) =>
      (await desk.run(file(same), { profile: 'urval2', dryRun: true })).asks.map(({ facts }) => [facts['vouchers'], facts['looked']]);
    expect([await asked(19), await asked(20)]).toEqual([[], [[20, 40]]]);
  });
  it('are found also deep in a large file, of which a sample is looked at', async () => {
    const many = sie(...Array.from({ length: 4_000 }, (_, i) => ver(i + 1, 1 + i)).flat());
    await desk.run(many);
    const refused = await desk.refused(chosen(0, 4_000, 1), { profile: 'urval' });
    const { vouchers, looked } = refused.findings[0]!.facts as { vouchers: number; looked: number };
    expect(vouchers).toBe(looked);
    expect(looked).toBeLessThanOrEqual(100);
    expect(looked).toBeGreaterThan(20);
  });
});
