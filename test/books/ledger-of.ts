/**
 * A ledger for a generated book: the commands of its register, the profiles that read its files, and a real ledger in a folder that
 * takes them in and answers.
 */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { LedgerCommands, openSqliteReader, openSqliteStore } from '#eventstore';
import { FileImports, type ImportRequest } from '#imports';
import {
  FIRST_CLASSES,
  FIRST_PATTERN,
  OpenLedger,
  RegisterDecision,
  RegisterGrant,
  SetUnit,
  type Command,
  type ProfileSettings,
} from '#ledger';
import { Answers, Projector, READ_MODELS_FILE } from '#projections';
import { CLOSING_SERIES, type Book } from './book.js';
import type { Readable } from './changes.js';
import { simpleCsv } from './csv-file.js';
import { FINANCE, ORGANISATION, PROJECT_PATTERN } from './region.js';

/** Region, units, grants and a decision for each. */
export function registerOf({ region, year }: Pick<Book, 'region' | 'year'>): Command[] {
  const validFrom = '2020-01-01';
  return [
    new OpenLedger({
      organisationNumber: ORGANISATION.organisationNumber,
      name: ORGANISATION.name,
      region: ORGANISATION.root,
      demo: false,
      timeZone: 'Europe/Stockholm',
      grantCodePattern: FIRST_PATTERN,
      accountClasses: FIRST_CLASSES,
    }),
    ...region.units.map(({ unit, name, kind, parent }) => new SetUnit({ unit, name, kind, parent, validFrom })),
    ...region.grants.map(({ grant, name }) => new RegisterGrant({ grant, name, validFrom })),
    ...region.grants.map(
      ({ grant, liability }, i) =>
        new RegisterDecision({
          decision: `${grant}-${year}-1`,
          grant,
          terms: {
            agency: 'Socialstyrelsen',
            diarienummer: `9.3-${i}/${year}`,
            kind: 'conditional',
            awardedOre: 500_000_000_00,
            restrictionFrom: `${year}-01-01`,
            restrictionTo: `${year}-12-31`,
            grantYear: year,
            carryOver: false,
            receivedTo: liability ? 'liability' : 'income',
          },
        }),
    ),
  ];
}

/** The profile that reads `sieFile` as the book means it: objekt in dimension 20, EU projects in 6, ansvar in 1. */
export const sieProfile = (book = 'erp'): ProfileSettings => ({
  kind: 'whole-vouchers',
  book,
  grant: [{ dimension: '20' }, { dimension: '6', pattern: PROJECT_PATTERN }],
  unit: { places: [{ dimension: '1' }], otherwise: FINANCE },
  period: { from: 'voucher-date', closingSeries: [{ series: CLOSING_SERIES, month: 13 }] },
});

/** The profile that reads `reportCsv`. @param kind a list that was filtered (`only`) is a selection */
export const reportProfile = (
  options: { readonly kind?: ProfileSettings['kind']; readonly debitAndCredit?: boolean; readonly book?: string } = {},
): ProfileSettings => ({
  kind: options.kind ?? 'whole-vouchers',
  book: options.book ?? 'erp',
  grant: [{ column: 'Objekt' }, { column: 'Projekt', pattern: PROJECT_PATTERN }],
  unit: { places: [{ column: 'Ansvar' }], otherwise: FINANCE },
  period: { from: { column: 'Period' } },
  table: {
    separator: ';',
    decimal: ',',
    columns: {
      series: 'Serie',
      number: 'Vernr',
      date: 'Bokf datum',
      account: 'Konto',
      ...(options.debitAndCredit ? { debit: 'Debet', credit: 'Kredit' } : { amount: 'Belopp' }),
      text: 'Text',
      lineText: 'Radtext',
      counterparty: 'Motpart namn',
      document: 'Underlag',
      registered: 'Reg datum',
    },
  },
});

/** A ledger in a folder, and the answers of what it has come to. */
export class BookLedger {
  private constructor(
    readonly folder: string,
    readonly commands: LedgerCommands,
  ) {}

  /** An empty ledger with the book's register. */
  static async open(folder: string, book: Pick<Book, 'region' | 'year'>): Promise<BookLedger> {
    const commands = await LedgerCommands.open(openSqliteStore(folder), {
      stateFolder: null,
      clock: Date.now,
      random: (bytes) => randomBytes(bytes),
      program: 'test',
    });
    const ledger = new BookLedger(folder, commands);
    for (const command of registerOf(book)) await ledger.act(command);
    return ledger;
  }

  act(command: Command) {
    return this.commands.handle(command, { caller: CALLER });
  }

  /** A file in chunks that end anywhere, through a profile; the simple voucher CSV where none is named. */
  async import(chunks: Iterable<Uint8Array>, request: Omit<ImportRequest, 'caller' | 'name'> & { readonly name?: string }) {
    async function* cut() {
      for (const chunk of chunks) for (let at = 0; at < chunk.length; at += 10_007) yield chunk.subarray(at, at + 10_007);
    }
    return new FileImports(this.folder, this.commands).importFile(cut(), { name: 'book', ...request, caller: CALLER });
  }

  /** The simple voucher CSV of the book. */
  importCsv(book: Readable) {
    return this.import(simpleCsv(book), { book: 'erp', year: book.year });
  }

  /** Reads everything into the read models, and asks there; whoever asks closes the answers. */
  async answers(): Promise<Answers> {
    const reader = openSqliteReader(this.folder);
    const projector = new Projector(reader, join(this.folder, READ_MODELS_FILE));
    await projector.open();
    while (await projector.step());
    projector.close();
    await reader.close();
    return new Answers(join(this.folder, READ_MODELS_FILE));
  }

  close(): Promise<void> {
    return this.commands.close();
  }
}

const CALLER = { login: 'ekonom', name: 'Eva Ekonom', role: 'user' };
