/**
 * The small ledger that a release leaves behind: every type of event once or more, seeded, the same on every machine. Used
 * by golden.spec.ts, and run by hand to leave a new one: `npx node dist/test/golden/small-ledger.js 0.2.0`.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { hash } from 'node:crypto';
import { LedgerCommands, MemoryStore, sha256, type StoredRecord } from '#eventstore';
import * as law from '#ledger';
import { answersOf } from './answers-of.js';

const caller = { login: 'ekonom', name: 'Eva Ekonom', role: 'user' };

/** A sequence of bytes that looks random and is the same everywhere. */
export function seeded(seed: string): (bytes: number) => Uint8Array {
  let drawn = 0;
  return (bytes) => sha256(Buffer.from(`${seed} ${drawn++}`)).slice(0, bytes);
}

/** The records of the small ledger. */
export async function smallLedger(): Promise<readonly StoredRecord[]> {
  const store = new MemoryStore();
  let now = Date.UTC(2023, 0, 2, 8);
  const commands = await LedgerCommands.open(store, { stateFolder: null, clock: () => (now += 61_007), random: seeded('golden'), program: 'liggaren golden' });
  let key = 0;
  for (const command of story()) await commands.handle(command, { caller, key: `golden-${key++}` });
  await commands.close();
  return store.log;
}

function story(): law.Command[] {
  const terms: law.Terms = { agency: 'Socialstyrelsen', diarienummer: '9.3-1/2023', kind: 'conditional', awardedOre: 1_000_000_00, grantYear: 2023, carryOver: false, receivedTo: 'liability', restrictionFrom: '2023-01-01', restrictionTo: '2023-12-31' };
  const texts = { counterparty: 'Socialstyrelsen', document: 'Bankgiro 17' };
  const on = (account: string, amountOre: number, coding: object = {}) => ({ account, amountOre, unit: '614', ...coding });
  const d1 = { grant: '9916', decision: '9916-2023' };
  const cost = (day: string, ore: number, grant?: string) =>
    new law.PostCost({ eventDate: day, text: 'Utbildningsdag', counterparty: 'Kursgården AB', document: 'Faktura 4711', lines: [on('5550', ore, grant ? { grant } : {}), on('2440', -ore)] });
  const own = (number: number) => law.ownReference(2023, number);
  const reallocation = { grant: '9916', from: '614', to: 'HSN', amountOre: 100_000_00, account: '3590', eventDate: '2023-05-04', text: 'Fördelning', bookedAs: 'changed-unit', mandate: { kind: 'board' as const, diarienummer: 'RS/850/2023', paragraph: '44', date: '2023-05-03' } };
  const imported = [1, 2].map((number): law.Voucher => ({
    ref: { book: 'erp', year: 2023, series: 'A', number: String(number), version: 1 }, eventDate: '2023-03-1' + number, fingerprint: `00000000000000a${number}`, registered: '2023-03-15',
    lines: [{ account: '5550', amountOre: 70_000_50, effect: 'cost', unit: '614', period: '2023-03', row: 2 * number }, { account: '2440', amountOre: -70_000_50, effect: 'none', unit: '614', period: '2023-03', row: 2 * number + 1 }],
  }));
  const changed: law.Voucher = { ...imported[0]!, fingerprint: '00000000000000b1', lines: [{ ...imported[0]!.lines[0]!, amountOre: 70_000_00, objects: [['1', '614'], ['20', '9916']] }, { ...imported[0]!.lines[1]!, amountOre: -70_000_00 }] };
  const file = { sha256: hash('sha256', 'file', 'hex'), bytes: 400, book: 'erp', year: 2023, file: 'mars.csv' };
  const opened = { ...file, kind: 'whole-vouchers' as const, format: 'csv' as const, profile: 'voucher-csv', counts: { rows: 4, withCode: 0, withoutCode: 2, noCodeNeeded: 2, alreadyThere: 0 }, vouchers: 2, periods: ['2023-03'], grants: [], decisions: [], units: ['614'], readAtSeq: Number.MAX_SAFE_INTEGER };
  return [
    new law.OpenLedger({ organisationNumber: '232100-9900', name: 'Guldregionen', region: 'REG', demo: true, timeZone: 'Europe/Stockholm', grantCodePattern: law.FIRST_PATTERN, accountClasses: law.FIRST_CLASSES }),
    new law.SetGrantCodePattern({ pattern: '^(99\\d\\d|EU-[0-9]+)$' }),
    new law.SetAccountClasses({ validFrom: '2023-01-01', classes: [...law.FIRST_CLASSES.slice(0, 6), { from: '4000', to: '7899', kind: 'cost' }, { from: '7900', to: '7999', kind: 'cost', internal: true }, { from: '8000', to: '8999', kind: 'cost' }] }),
    new law.SetUnit({ unit: 'RS', name: 'Regionstyrelsen', kind: 'board', parent: 'REG', validFrom: '2020-01-01' }),
    new law.SetUnit({ unit: '614', name: 'Regionstaben', kind: 'unit', parent: 'RS', validFrom: '2020-01-01' }),
    new law.SetUnit({ unit: 'HSN', name: 'Hälso- och sjukvårdsnämnden', kind: 'board', parent: 'REG', validFrom: '2020-01-01' }),
    new law.SetUnit({ unit: 'GEM', name: 'Gemensam nämnd', kind: 'board', parent: 'REG', validFrom: '2020-01-01' }),
    new law.EndUnit({ unit: 'GEM', lastDay: '2022-12-31' }),
    new law.RegisterGrant({ grant: '9916', name: 'Nära vård', validFrom: '2020-01-01' }),
    new law.RenameGrant({ grant: '9916', name: 'Nära vård, ök kvalitet i hsn', validFrom: '2023-01-01' }),
    new law.RegisterGrant({ grant: '9917', name: 'Vårdens medarb o vidareutb', validFrom: '2020-01-01' }),
    new law.RegisterGrant({ grant: 'EU-7', name: 'Interreg', validFrom: '2020-01-01' }),
    new law.RetireGrant({ grant: 'EU-7', lastDay: '2023-06-30', successor: '9917' }),
    new law.RegisterDecision({ decision: '9916-2023', grant: '9916', terms }),
    new law.RegisterDecision({ decision: '9917-2023', grant: '9917', terms: { ...terms, kind: 'performance', receivedTo: 'income', diarienummer: '9.3-2/2023' } }),
    new law.ChangeDecision({ decision: '9916-2023', validFrom: '2023-04-28', terms: { ...terms, awardedOre: 1_200_000_00 }, reason: 'Ändringsbeslut från Socialstyrelsen' }),
    new law.ExemptFromNeutrality({ grant: '9917', year: 2023, reference: 'RS/900/2023 § 12', reason: 'Prestationsbaserat' }),
    new law.ExemptFromNeutrality({ grant: '9916', decision: '9916-2023', year: 2023, reference: 'RS/901/2023 § 1', reason: 'Misstag' }),
    new law.WithdrawExemption({ grant: '9916', decision: '9916-2023', year: 2023, reason: 'Villkorat bidrag' }),
    new law.AllotFunds({ decision: '9916-2023', unit: '614', amountOre: 900_000_00, date: '2023-05-02' }),
    new law.PostReceipt({ eventDate: '2023-02-15', text: 'Utbetalning', ...texts, lines: [on('1930', 1_000_000_00), on('2971', -1_000_000_00, d1)] }),
    new law.PostReceipt({ eventDate: '2023-08-28', text: 'Prestation', ...texts, lines: [on('1930', 652_901_30), on('3511', -652_901_30, { decision: '9917-2023' })] }),
    new law.RecogniseIncome({ eventDate: '2023-03-31', text: 'Intäktsförs', lines: [on('2971', 400_000_00, d1), on('3511', -400_000_00, d1)] }),
    cost('2023-02-10', 150_000_25),
    cost('2023-03-10', 12_345_67, '9916'),
    new law.OpenImportOfFile({ ...opened, import: 'i-1' }),
    new law.ImportVouchers({ import: 'i-1', part: 0, vouchers: imported, texts: [{ text: 'Resor' }, { text: 'Hyra lokal', counterparty: 'Fastighets AB' }] }),
    new law.RecordFindings({ import: 'i-1', findings: [{ row: 2, finding: 'finding-without-counterparty', facts: { voucher: 'A 1' } }] }),
    new law.CloseImport({ import: 'i-1' }),
    new law.OpenImportOfFile({ ...opened, import: 'i-2', sha256: hash('sha256', 'other', 'hex') }),
    new law.AbandonImport({ import: 'i-2', because: 'avbruten' }),
    new law.SettleFindings({ findings: ['28.1'], reason: 'Motparten står på fakturan' }),
    new law.SetProfile({ profile: 'raindance', validFrom: '2023-01-01', settings: { kind: 'whole-vouchers', book: 'erp', grant: [{ dimension: '20', pattern: '^99\\d\\d$' }], unit: { places: [{ dimension: '1' }], otherwise: '614' } } }),
    new law.OpenImportOfFile({ ...opened, import: 'i-3', sha256: hash('sha256', 'changed', 'hex'), format: 'sie', profile: 'raindance~1', counts: { ...opened.counts, ignored: 1, leftOut: 2 }, vouchers: 0, corrections: 1, leftOut: { vouchers: 1, rows: 2, debitOre: '100', creditOre: '-100' } }),
    new law.CorrectImported({ import: 'i-3', corrects: imported[0]!.ref, replacement: { voucher: changed, texts: { text: 'Resor, rättad', lines: ['Tåg', ''] } }, reason: 'Ändrad i filen' }),
    new law.CloseImport({ import: 'i-3' }),
    new law.EndProfile({ profile: 'raindance' }),
    new law.SetProfile({ profile: 'urval', validFrom: '2023-01-01', settings: { kind: 'selection', book: 'urval', grant: [{ column: 'Objekt' }], unit: { places: [], otherwise: '614' } } }),
    new law.OpenImportOfFile({ ...opened, import: 'i-4', sha256: hash('sha256', 'urval', 'hex'), kind: 'selection', book: 'urval', profile: 'urval~1', vouchers: 1, grants: ['9916'] }),
    new law.ImportVouchers({ import: 'i-4', part: 0, vouchers: [{ ...changed, ref: { ...changed.ref, book: 'urval' }, lines: [{ ...changed.lines[0]!, grant: '9916' }] }], texts: [{ text: 'Ur ekonomisystemets lista' }] }),
    new law.CloseImport({ import: 'i-4' }),
    new law.RecordControlTotals({ import: 'i-4', totals: [{ account: '5550', grant: '9916', period: '2023-03', amountOre: 70_000_00 }] }),
    new law.SetHintRule({ rule: 'kurser', grant: '9917', criterion: { text: 'kurs', accounts: [{ from: '5500', to: '5599' }] } }),
    new law.SetHintRule({ rule: 'resor', grant: '9916', criterion: { counterparty: 'Resebyrån' } }),
    new law.RemoveHintRule({ rule: 'resor' }),
    new law.RefuseImport({ ...file, findings: [{ row: 3, finding: 'date-malformed', facts: { date: '2023-02-30' } }], findingsInAll: 1 }),
    new law.RecodeCost({ voucher: own(4), line: 1, to: [{ grant: '9916', perCentHundredths: 3_333 }, { grant: '9917', perCentHundredths: 6_667 }], eventDate: '2023-05-05', text: 'Efter aprilbeslutet' }),
    new law.CorrectVoucher({ voucher: own(5), reason: 'Fel belopp', eventDate: '2023-05-06', replacement: { lines: [on('5550', 12_354_67, { grant: '9916' }), on('2440', -12_354_67)] } }),
    new law.ReallocateFunds(reallocation),
    new law.PostRepayment({ eventDate: '2023-12-20', text: 'Återbetalning', ...texts, lines: [on('2971', 10_000_00, d1), on('1930', -10_000_00)] }),
    new law.ReportUse({ decision: '9916-2023', amountOre: 390_000_00, date: '2023-12-31', diarienummer: '9.3-1/2023' }),
    new law.ClosePeriod({ period: '2023-01' }),
    new law.ClosePeriod({ period: '2023-02' }),
    new law.ConsentToStart({ sha256: hash('sha256', 'start', 'hex'), bytes: 9_000, year: 2023, file: 'start.xlsx', reason: 'Rättas i ekonomisystemet', findings: [{ row: 3, finding: 'finding-carried-in-not-tied', facts: { sheet: 'Ingående', column: 'Belopp', account: '2971', object: '9916', givenOre: '-100', balanceOre: '-200' } }] }),
    new law.ReopenPeriod({ period: '2023-01', approver: 'Ekonomidirektören', reason: 'Sen faktura' }),
  ];
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const release = process.argv[2] ?? '';
  if (!/^\d+\.\d+\.\d+$/.test(release)) throw new Error('name the release: small-ledger.js 0.2.0');
  const folder = join(import.meta.dirname, '../../../test/golden', release);
  mkdirSync(folder); // an existing release's ledger is never written over
  const records = await smallLedger();
  const text = (bytes: Uint8Array | null) => bytes && Buffer.from(bytes).toString('utf8');
  writeFileSync(join(folder, 'events.jsonl'), records.map(({ head, annex }) => `${JSON.stringify({ head: text(head), annex: text(annex) })}\n`).join(''));
  writeFileSync(join(folder, 'answers.json'), `${JSON.stringify(await answersOf(records), null, 1)}\n`);
}
