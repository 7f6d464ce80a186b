/** A region that imports through a profile, and SIE files for it: what the specs of profiles share. Only specs import it. */
import { cpSync, existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { readRecord, SetProfile, vouchersOf, type Finding, type LedgerEvent, type ProfileSettings, type Voucher } from '#ledger';
import { encode, type Encoding } from '#sie';
import { MemoryStore, type LedgerCommands, type StoredRecord } from '#eventstore';
import { FileImports } from './file-import.js';
import { FileRefused, type ImportProgress, type ImportRequest, type ImportResult } from './import-request.js';
import { anna, founded, opened, temporaryFolder } from './given.js';

/** The grant code in dimension 20, the unit in dimension 1; lines without a unit lie on 614. */
export const settings: ProfileSettings = {
  kind: 'whole-vouchers',
  book: 'erp',
  grant: [{ dimension: '20' }],
  unit: { places: [{ dimension: '1' }], otherwise: '614' },
};

/** The records that a file of 2023 begins with; vouchers begin on line 5. */
const HEAD = ['#FLAGGA 0', '#SIETYP 4', '#RAR 0 20230101 20231231', '#DIM 20 "Bidrag"'];
/** A SIE file with these records. */
export const sie = (...records: readonly string[]): string => `${[...HEAD, ...records].join('\r\n')}\r\n`;

export type Said = {
  series?: string;
  date?: string;
  text?: string;
  objects?: string;
  account?: string;
  counter?: string;
  registered?: string;
};
/** A cost voucher of five lines, its counterpart on 2440. @param kronor as SIE writes it */
export const ver = (number: string | number, kronor: string | number, said: Said = {}): string[] => {
  const {
    series = 'A',
    date = '20230314',
    text = 'Resor',
    objects = '1 614 20 9916',
    account = '7550',
    counter = '2440',
    registered = '',
  } = said;
  const amount = Number(kronor);
  return [
    `#VER ${series || '""'} ${number || '""'} ${date} "${text}" ${registered}`.trimEnd(),
    '{',
    `#TRANS ${account} {${objects}} ${amount.toFixed(2)}`,
    `#TRANS ${counter} {} ${(-amount).toFixed(2)}`,
    '}',
  ];
};

/** A desk with a ledger in memory and a folder for its files. */
export class Desk {
  readonly folder = temporaryFolder();
  commands!: LedgerCommands;
  imports!: FileImports;
  private founded = 0;
  /** What was told of imports that stopped. */
  readonly told: string[] = [];

  constructor(readonly store = new MemoryStore()) {}

  /** The region with a profile. @param versions settings by first day; one version from 2020 where none is given */
  static async open(versions: readonly (readonly [string, ProfileSettings])[] = [['2020-01-01', settings]]): Promise<Desk> {
    const desk = new Desk();
    desk.commands = await founded(desk.store);
    desk.imports = desk.#files();
    for (const [validFrom, each] of versions)
      await desk.commands.handle(new SetProfile({ profile: 'erp', validFrom, settings: each }), { caller: anna });
    desk.founded = desk.store.log.length;
    return desk;
  }

  /** The same ledger and files, apart from this desk's. @param over what holds the log */
  async copy<S extends MemoryStore>(over: (log: StoredRecord[]) => S): Promise<Desk & { readonly store: S }> {
    const store = over([...this.store.log]);
    const desk = Object.assign(new Desk(store), { store });
    cpSync(this.folder, desk.folder, { recursive: true });
    desk.founded = this.founded;
    await desk.begin(store);
    return desk;
  }

  /** The program starts again on the same log and folder. @param ours as {@link FileImports} has it */
  async again(ours?: (id: string) => boolean): Promise<void> {
    await this.begin(new MemoryStore(this.store.log), ours);
    await this.imports.clear();
  }

  /** The program starts on a store. */
  async begin(store: MemoryStore, ours?: (id: string) => boolean): Promise<void> {
    this.commands = await opened(store);
    this.imports = this.#files(ours);
  }

  #files(ours?: (id: string) => boolean): FileImports {
    return new FileImports(this.folder, this.commands, ours, (fate, id) => void this.told.push(`${fate} ${id}`));
  }

  run(
    text: string | Uint8Array,
    rest: Partial<ImportRequest> = {},
    encoding: Encoding = 'cp437',
    progress?: (progress: ImportProgress) => void,
  ): Promise<ImportResult> {
    const bytes = typeof text === 'string' ? encode(text, encoding) : text;
    return this.imports.importFile(inChunks(bytes), { caller: anna, profile: 'erp', name: 'mars.se', ...rest }, progress);
  }

  /** What a file is refused for. */
  async refused(text: string | Uint8Array, rest: Partial<ImportRequest> = {}): Promise<FileRefused> {
    try {
      await this.run(text, rest);
    } catch (error) {
      if (error instanceof FileRefused) return error;
      throw error;
    }
    throw new Error('the file was imported');
  }

  /** Imports with the consent that the file asks for. */
  async consented(text: string | Uint8Array, rest: Partial<ImportRequest> = {}): Promise<ImportResult> {
    const { consent } = await this.run(text, { ...rest, dryRun: true });
    return this.run(text, { ...rest, ...(consent !== null && { consent }) });
  }

  /** What was stored since the profile was set. */
  events(): LedgerEvent[] {
    return this.store.log.slice(this.founded).map(({ head, annex }, i) => readRecord(this.founded + i, head, annex).event);
  }
  types(): string[] {
    return this.events().map(({ type }) => type);
  }

  /** The vouchers that count, in the order in which they were stored; those of an import count when it is closed. */
  vouchers(): Voucher[] {
    const events = this.events();
    const closed = new Set(events.flatMap(({ type, data }) => (type === 'ImportClosed' ? [data.import] : [])));
    return events.flatMap((event) => ('import' in event.data && !closed.has(event.data.import!) ? [] : vouchersOf(event)));
  }

  /** Öre per account, unit, grant, effect and period, folded from what was stored; what is zero is left out. */
  figures(): Record<string, string> {
    const sums = new Map<string, bigint>();
    for (const { lines } of this.vouchers())
      for (const { account, unit, grant = '–', effect, period, amountOre } of lines) {
        const key = `${account} ${unit} ${grant} ${effect} ${period}`;
        sums.set(key, (sums.get(key) ?? 0n) + BigInt(amountOre));
      }
    return Object.fromEntries([...sums].filter(([, ore]) => ore !== 0n).map(([key, ore]) => [key, String(ore)] as const).sort(([a], [b]) => (a < b ? -1 : 1))); // prettier-ignore
  }

  /** The files that are kept. */
  kept(): string[] {
    return ['incoming', 'originals'].flatMap((place) =>
      existsSync(join(this.folder, place)) ? readdirSync(join(this.folder, place)) : [],
    );
  }

  close(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

async function* inChunks(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let from = 0; from < bytes.length; from += 60_000) yield bytes.subarray(from, from + 60_000);
}

/** Findings as `row finding`. */
export const saidOf = (findings: readonly Finding[]): string[] => findings.map(({ row, finding }) => `${row} ${finding}`);
/** Whether the counts of an import add up to its rows. */
export const addsUp = ({ counts }: ImportResult): boolean =>
  counts !== null &&
  counts.withCode + counts.withoutCode + counts.noCodeNeeded + counts.alreadyThere + (counts.ignored ?? 0) + (counts.leftOut ?? 0) ===
    counts.rows;

/** What a file comes to in a ledger that has seen no other. */
export async function alone(text: string): Promise<Record<string, string>> {
  const other = await Desk.open();
  try {
    await other.run(text);
    return other.figures();
  } finally {
    other.close();
  }
}
