/** That a start workbook may differ from the opening balances is somebody's word: who, when, to exactly what, and why, in one event (R33). */
import { describe, it } from '@jest/globals';
import { region } from '../region-given.js';
import { ConsentToStart } from './consent-to-start.js';
import { SettleFindings } from './settle-findings.js';

const difference = (row: number) => ({
  row,
  finding: 'finding-carried-in-not-tied',
  facts: { sheet: 'Ingående', column: 'Belopp', account: '2971', object: '9916', givenOre: '-25000000', balanceOre: '-24000000' },
});
const consented = {
  ...{ sha256: 'ab'.repeat(32), bytes: 9_000, year: 2023, file: 'start.xlsx', findings: [difference(3), difference(4)] },
  reason: 'Ekonomisystemets ingående balans rättas i januari',
};
const consent = (rest: Partial<ConsentToStart['input']> = {}) => new ConsentToStart({ ...consented, ...rest });

describe('consent to what a start differs in', () => {
  it('is an event of its own, with the differences, the workbook and the reason', () => {
    const { file, reason, ...data } = consented;
    region.when(consent()).then({ type: 'StartConsented', data, annex: { file, reason } });
  });
  it('settles what it is about at once, and that only once', () => {
    const { seq } = region.and(consent()).ledger();
    region
      .and(consent())
      .when(new SettleFindings({ findings: [`${seq}.2`], reason: 'igen' }))
      .thenRefused('finding-settled', { finding: `${seq}.2` });
    region
      .and(consent())
      .when(new SettleFindings({ findings: [`${seq}.3`], reason: 'igen' }))
      .thenRefused('finding-unknown');
  });
  it('says why, and to what', () => {
    region.when(consent({ reason: ' ' })).thenRefused('text-missing', { field: 'reason' });
    region.when(consent({ file: '' })).thenRefused('text-missing', { field: 'file' });
    region.when(consent({ findings: [] })).thenRefused('text-missing', { field: 'findings' });
    region.when(consent({ year: 23 })).thenRefused('year-malformed');
  });
});
