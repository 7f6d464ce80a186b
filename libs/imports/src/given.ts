/** A small region to import into, and files of vouchers to import: what the specs of imports share. Only specs import it. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  FIRST_CLASSES,
  fiscalYear,
  FIRST_PATTERN,
  Ledger,
  OpenLedger,
  PostCost,
  RegisterDecision,
  RegisterGrant,
  SetUnit,
  type Command,
  type LaterVersions,
  type SavedLedger,
  type Terms,
  unpacked,
  type PackedVouchers,
  type Voucher,
  type VoucherTexts,
} from '#ledger';
import { LedgerCommands, MemoryStore, type Caller, type EventStore } from '#eventstore';
import type { Known } from './absence.js';
import { readSlice, wholeOf, type FileRead, type ReadTask, type SliceRead } from './read-file.js';
import { WHOLE } from './slice.js';
import { COLUMNS } from './voucher-csv.js';

export const anna: Caller = { login: 'anna', name: 'Anna Ek', role: 'accountant' };

const terms: Terms = {
  agency: 'Socialstyrelsen',
  diarienummer: '9.3-2417/2023',
  kind: 'conditional',
  awardedOre: 1_000_000,
  grantYear: 2023,
  carryOver: false,
  receivedTo: 'liability',
};

const founding: readonly Command[] = [
  new OpenLedger({
    organisationNumber: '232100-0000',
    name: 'Demoregionen',
    region: 'REG',
    demo: true,
    timeZone: 'Europe/Stockholm',
    grantCodePattern: FIRST_PATTERN,
    accountClasses: FIRST_CLASSES.flatMap((one) =>
      one.kind === 'cost'
        ? [
            { ...one, to: '7899' },
            { from: '7900', to: '7999', kind: 'cost' as const, internal: true },
            { ...one, from: '8000' },
          ]
        : [one],
    ),
  }),
  new SetUnit({ unit: '614', name: 'Regionstaben', kind: 'unit', parent: 'REG', validFrom: '2020-01-01' }),
  new SetUnit({ unit: '605', name: 'eHälsa och IT', kind: 'unit', parent: 'REG', validFrom: '2020-01-01' }),
  new RegisterGrant({ grant: '9916', name: 'Nära vård', validFrom: '2020-01-01' }),
  new RegisterGrant({ grant: '9929', name: 'Ökad tillgänglighet', validFrom: '2020-01-01' }),
  new RegisterDecision({ decision: '9916-23', grant: '9916', terms }),
  new RegisterDecision({ decision: '9929-23', grant: '9929', terms: { ...terms, kind: 'performance', receivedTo: 'income' } }),
];
/** Events of the region, the person included. */
export const FOUNDED = founding.length + 1;

/** Opens a ledger, with its saved state where a folder is given. */
export function opened(store: EventStore, stateFolder: string | null = null): Promise<LedgerCommands> {
  let ticks = 0;
  return LedgerCommands.open(store, {
    clock: () => Date.parse('2023-06-01T08:00:00Z') + (ticks += 1),
    random: (bytes) => Uint8Array.from({ length: bytes }, () => Math.floor(Math.random() * 256)),
    program: 'spec',
    stateFolder,
  });
}

/** The region's ledger, new on an empty store. */
export async function founded(store: EventStore = new MemoryStore()): Promise<LedgerCommands> {
  const commands = await opened(store);
  for (const command of founding) await commands.handle(command, { caller: anna });
  return commands;
}

export const cost = (amountOre: number, eventDate = '2023-03-20') =>
  new PostCost({
    ...{ eventDate, text: 'För hand', counterparty: 'Konsult AB', document: 'faktura 1' },
    lines: [{ account: '7550', amountOre, unit: '614', grant: '9916' }, { account: '2440', amountOre: -amountOre, unit: '614' }], // prettier-ignore
  });

/** A row of the file; what is not said is a plain cost of 14 March. */
export type CsvRow = Partial<Record<(typeof COLUMNS)[number], string>>;
const plain: CsvRow = {
  series: 'LEV',
  number: '1',
  date: '2023-03-14',
  account: '7550',
  amount: '100.00',
  unit: '614',
  text: 'Konsult mars',
  counterparty: 'Leverantör AB',
  document: 'F-1',
};

/** A file of the voucher CSV with all its columns. */
export const csv = (...rows: readonly CsvRow[]): string =>
  [COLUMNS, ...rows.map((row) => COLUMNS.map((column) => quotedWhereNeeded({ ...plain, ...row }[column] ?? '')))]
    .map((fields) => `${fields.join(',')}\n`)
    .join('');
const quotedWhereNeeded = (text: string) => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

/** The two rows of a cost voucher against suppliers. @param kronor without decimals */
export const costRows = (number: string, kronor: number, row: CsvRow = {}): CsvRow[] => [
  { ...row, number, amount: `${kronor}.00` },
  { ...row, number, account: '2440', amount: `${-kronor}.00`, grant: '', decision: '' },
];

export const temporaryFolder = () => mkdtempSync(join(tmpdir(), 'liggaren-imports-'));

/** How a file is read; what is not said is the simple CSV of 2023. */
export type Read = Partial<Omit<ReadTask, 'file' | 'spool'>>;

/** One reading of a file on a copy of the state, as the reader's threads do it. */
export const readFile = (file: string, spool: string, state: SavedLedger, read: Read = {}): SliceRead | null =>
  readSlice(
    {
      file,
      spool,
      book: 'erp',
      year: 2023,
      fileYear: { into: fiscalYear(2023), stated: null, asked: true, said: true },
      format: 'csv',
      versions: null,
      moved: new Map(),
      slice: WHOLE,
      ...read,
    },
    new Ledger(state),
  );

/** What a ledger holds of a book and year. */
export const knownOf = (state: SavedLedger, book = 'erp', year = 2023): Known => ({
  ...{ book, year, numbers: state.books.get(`${book}-${year}`) ?? new Map() },
  later: new Map(state.tables['versions'] as readonly [string, LaterVersions][]),
  corrected: new Set((state.tables['corrected'] ?? []).map(([ref]) => ref)),
});

/** What one reading of a file comes to, with the parts as they lay in the spool. */
export function readText(
  text: string | Uint8Array,
  ledger: Ledger,
  read: Read = {},
): FileRead & { vouchers: Voucher[]; texts: VoucherTexts[] } {
  const folder = temporaryFolder();
  try {
    const [file, spool] = [join(folder, 'file'), join(folder, 'spool')];
    writeFileSync(file, text);
    const state = ledger.save();
    const whole = wholeOf([readFile(file, spool, state, read)], knownOf(state, read.book, read.year))!;
    const bytes = readFileSync(spool);
    const at = (from: number, length: number) => JSON.parse(bytes.toString('utf8', from, from + length)) as unknown;
    return {
      ...whole,
      vouchers: whole.parts.flatMap(({ offset, voucherBytes }) => unpacked(at(offset, voucherBytes) as PackedVouchers)),
      texts: whole.parts.flatMap(({ offset, voucherBytes, textBytes }) => at(offset + voucherBytes, textBytes) as VoucherTexts[]),
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
