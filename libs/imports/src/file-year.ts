/** Which year a file is about, where nobody said: the fiscal year that it names, else the period of its first voucher. Called by file-import.ts. */
import { yearOf, type ProfileVersions } from '#ledger';
import { CsvRows } from './csv-rows.js';
import { fileBytes } from './file-bytes.js';
import { Mapping } from './mapping.js';
import { sourceOf } from './source-of.js';
import type { FileBytes, FileFormat, Source } from './source.js';
import { VoucherRows } from './voucher-csv.js';

/** Bytes that nearly always hold the answer. */
const BEGINNING = 4 * 1024 * 1024;

/** Ends a reading that has found what it looked for. */
class Found extends Error {
  constructor(readonly year: number) {
    super('found');
  }
}

/** The year, or null where the file does not say (or cannot be read, which its reading will tell). @param versions null for the simple voucher CSV */
export async function yearOfFile(
  path: string,
  bytes: number,
  format: FileFormat,
  versions: ProfileVersions | null,
): Promise<number | null> {
  if (format === 'xlsx' && bytes > BEGINNING) return null; // this is the server's own thread: a workbook has no beginning to look at
  const whole = fileBytes(path);
  const source = versions && sourceOf(format, versions);
  await source?.open?.(whole);
  const look = (file: FileBytes) => (source ? throughProfile(file, source, versions!) : ofSimple(file));
  return (bytes > BEGINNING ? look({ path, chunks: () => beginning(whole) }) : null) ?? look(whole);
}

function throughProfile(file: FileBytes, source: Source, versions: ProfileVersions): number | null {
  return found(() => {
    source.read(file, {
      year: ({ from, broken }) => {
        if (!broken) throw new Found(yearOf(from)); // of two calendar years the first voucher says which
      },
      voucher: (voucher) => {
        const { settings } = versions.findLast(({ validFrom }) => validFrom <= voucher.date) ?? versions[0]!;
        const [line] = voucher.lines;
        const year = yearOf(voucher.date);
        if (line) throw new Found(yearOf(new Mapping(settings, source.format).period(line, voucher, year)) || year);
      },
      complain: () => {},
      notice: () => {},
    });
  });
}

function ofSimple(file: FileBytes): number | null {
  return found(() => {
    const rows = new CsvRows();
    const vouchers = new VoucherRows(
      () => {},
      ({ lines: [line] }) => {
        if (line && yearOf(line.period) > 0) throw new Found(yearOf(line.period));
      },
    );
    for (const chunk of file.chunks()) for (const row of rows.push(chunk)) vouchers.push(row);
    for (const row of rows.end()) vouchers.push(row);
    vouchers.end();
  });
}

/** What the reading throws; null where it ends, or fails, without. */
function found(read: () => void): number | null {
  try {
    read();
  } catch (error) {
    if (error instanceof Found) return error.year;
    if ((error as NodeJS.ErrnoException).syscall !== undefined) throw error;
  }
  return null;
}

function* beginning(file: FileBytes): Iterable<Uint8Array> {
  let bytes = 0;
  for (const chunk of file.chunks()) {
    yield chunk;
    if ((bytes += chunk.length) >= BEGINNING) return;
  }
}
