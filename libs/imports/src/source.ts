/**
 * What every kind of file comes to before anything is made of it: file vouchers, as the file has them. SIE, CSV and Excel are each a
 * source that gives them; mapping by profile, filter and fingerprint never ask which. Promises nothing about the ledger.
 */
import type { Facts, RefusalName } from '#ledger';
import type { SieBalance, SieDimension, SieYear } from '#sie';

export type FileFormat = 'csv' | 'sie' | 'xlsx';

/** A code in the file's own coding: a dimension of SIE, or the heading of a column, and what stands there. Never an empty object. */
export type FileObject = { readonly dim: string; readonly object: string };

/** A line as the file has it. */
export type FileLine = {
  /** 1-based row of the file, as an editor or a sheet counts. */
  readonly line: number;
  /** Whether it is part of the voucher's sum; struck lines and the doubles of added ones are not. */
  readonly counted: boolean;
  readonly account: string;
  /** In the file's order. One and the same array for lines that are coded alike, wherever the source can: what it comes to is looked up by its identity. */
  readonly objects: readonly FileObject[];
  /** Debit +, credit −. */
  readonly amountOre: number;
  /** `YYYY-MM-DD`, its own date or the voucher's. */
  readonly date: string;
  readonly text: string;
};

export type FileVoucher = {
  readonly line: number;
  /** Empty where the file has none. */
  readonly series: string;
  /** Never empty: one that the file does not number has day, fingerprint and occurrence. */
  readonly number: string;
  /** `YYYY-MM-DD`. */
  readonly date: string;
  /** When the ERP says it was registered, `YYYY-MM-DD`; empty where it does not. */
  readonly registered: string;
  readonly text: string;
  readonly counterparty?: string;
  readonly document?: string;
  /** In the file's order, those that do not count included. */
  readonly lines: readonly FileLine[];
};

/** Says something about a row; `complain` refuses the file, `notice` stays with an accepted one until somebody settles it. */
export type Say = (row: number, finding: RefusalName, facts: Facts) => void;

/** Who takes what a source gives. */
export type Taker = {
  /** A sound voucher: one with a broken row is complained of and not given. The taker may keep it. */
  voucher(voucher: FileVoucher): void;
  readonly complain: Say;
  readonly notice: Say;
  /** The fiscal year that the file is about, where it says, and all that it names. */
  year?(year: SieYear, named: readonly SieYear[]): void;
  balance?(balance: SieBalance): void;
};

/** The bytes of a file, from its beginning (or from a byte to another) each time that `chunks` is called; a chunk is good until the next. */
export type FileBytes = { readonly path: string; chunks(asked?: ChunksAsked): Iterable<Uint8Array> };
/** `silent`: the progress of the reading is not told of them, since they are read more than once. */
export type ChunksAsked = { readonly from?: number; readonly to?: number; readonly silent?: boolean };

/**
 * `rows`: how many lines of vouchers the file has, those that do not count included; `ignored`: rows among them that are of no voucher (a table's
 * totals, its headings again). `dimensions`: the file's own, and which lies under which.
 */
export type SourceRead = { readonly rows: number; readonly ignored?: number; readonly dimensions?: ReadonlyMap<string, SieDimension> };

/** One reading of one file. */
export type Source = {
  readonly format: FileFormat;
  /** Whether the file can name the other party of a voucher: where it cannot, nothing is lacking. */
  readonly namesCounterparty: boolean;
  /** What must be done before `read`, where a file cannot be read as it comes: a workbook is unpacked. What is wrong with it is told by `read`. */
  open?(file: FileBytes): Promise<void>;
  /** Reads the file to its end. Never throws for what stands in it: that is complained of, each with its row. */
  read(file: FileBytes, taker: Taker): SourceRead;
  /** The file in its own format with no other vouchers (or, in a selection, rows) than the chosen ones, byte for byte as they stood. Absent where the format cannot be cut. @param chosen by `FileLine.line`, and of SIE by `FileVoucher.line` too; after `read` */
  reduce?(file: FileBytes, chosen: { has(row: number): boolean }): Iterable<Uint8Array>;
};
