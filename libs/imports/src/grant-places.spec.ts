/** Where a line has a grant code in more places than one: which of them holds, and what is said of the others. */
import { afterEach, describe, expect, it } from '@jest/globals';
import { RegisterGrant, type ProfileSettings } from '#ledger';
import { anna } from './given.js';
import { Desk, saidOf, settings, sie, ver } from './profile-given.js';

let desk: Desk;
afterEach(() => desk.close());

const PATTERN = '^99\\d{2}$';
/** EU projects before the region's own objects. */
const grant: ProfileSettings['grant'] = [
  { dimension: '6', pattern: PATTERN },
  { dimension: '20', pattern: PATTERN },
];
const opened = (places = grant) => Desk.open([['2020-01-01', { ...settings, grant: places }]]);
const grants = () => desk.vouchers().map(({ lines }) => lines[0]!.grant);

describe('a row with two grant codes', () => {
  it('has the one of the place that the profile names first, and each pair is found with the number of rows', async () => {
    desk = await opened();
    const { findings } = await desk.run(
      sie(
        ...ver(1, 1, { objects: '20 9916 6 9929' }),
        ...ver(2, 1, { objects: '6 9929 20 9916' }),
        ...ver(3, 1, { objects: '6 9916 20 9929' }),
        ...ver(4, 1),
      ),
    );
    expect(grants()).toEqual(['9929', '9929', '9916', '9916']);
    expect(findings).toEqual([
      { row: 7, finding: 'finding-two-grants', facts: { grant: '9929', other: '9916', rows: 2 } },
      { row: 17, finding: 'finding-two-grants', facts: { grant: '9916', other: '9929', rows: 1 } },
    ]);
  });

  it('is nothing to look at where both places mean the same grant', async () => {
    desk = await opened([{ dimension: '6', mappings: [{ from: 'P100', to: 'P199', code: '9916' }] }, { dimension: '20' }]);
    const { findings } = await desk.run(sie(...ver(1, 1, { objects: '6 P150 20 9916' }), ...ver(2, 1, { objects: '6 9916 20 9916' })));
    expect(grants()).toEqual(['9916', '9916']);
    expect(findings).toEqual([]);
  });

  it('is one only where the other code is, or looks like, a grant: not where any object stands in a place without a pattern', async () => {
    desk = await opened([{ dimension: '20', pattern: PATTERN }, { dimension: '6' }]);
    const text = sie(...ver(1, 1, { objects: '20 9916 6 BIL7' }), ...ver(2, 1, { objects: '20 9916 6 EU1' }));
    await desk.commands.handle(new RegisterGrant({ grant: 'EU1', name: 'Interreg', validFrom: '2023-01-01' }), { caller: anna });
    expect(saidOf((await desk.run(text)).findings)).toEqual(['12 finding-two-grants']);
  });

  it('is told of a code that is not registered yet where it looks like one, and of the first where that is the unknown one', async () => {
    desk = await opened();
    const { findings } = await desk.run(sie(...ver(1, 1, { objects: '6 9916 20 9944' }), ...ver(2, 1, { objects: '6 9944 20 9916' })));
    expect(grants()).toEqual(['9916', undefined]);
    expect(findings).toEqual([
      { row: 7, finding: 'finding-two-grants', facts: { grant: '9916', other: '9944', rows: 1 } },
      { row: 12, finding: 'finding-two-grants', facts: { grant: '9944', other: '9916', rows: 1 } },
      { row: 12, finding: 'finding-grant-unknown', facts: { grant: '9944', rows: 1 } },
    ]);
  });
});
