/**
 * The rows of a filled-in start workbook, sheet by sheet, each cell read as its column says. Every complaint names the sheet, the row and
 * the column; what the rows mean for a ledger is settled in start-commands.ts.
 */
import { Refusal, TEXT_CHARACTERS, type Facts, type RefusalName } from '#ledger';
import { cellDate, cellOre } from '../tables/cells.js';
import { readWorkbook, sameName, type SheetRead, type TableRow } from '../tables/workbook.js';
import { INTRODUCTION, SHEET_NAMES, SHEETS, type SheetName, type StartColumn } from './sheets.js';

/** What is wrong in the workbook (or worth a look), and where. `column` is its heading; row 0 where the sheet as a whole is meant. */
export type StartFinding = {
  readonly sheet: string;
  readonly row: number;
  readonly column: string;
  readonly finding: RefusalName;
  readonly facts: { readonly [fact: string]: string | number };
};
export type Tell = (sheet: string, row: number, column: string, finding: RefusalName, facts?: Facts) => void;

/** A row: what stands in each column, as text (a choice as its value, a date `YYYY-MM-DD`, empty where nothing does), and its amounts in öre. */
export type StartRow<S extends SheetName> = {
  readonly row: number;
  readonly text: { readonly [column in keyof (typeof SHEETS)[S]]: string };
  readonly ore: { readonly [column in keyof (typeof SHEETS)[S]]?: number };
};
export type StartRows = { readonly [S in SheetName]: readonly StartRow<S>[] };

/**
 * The rows in which nothing is wrong; of the others, what is.
 * @throws Refusal as {@link readWorkbook} does
 */
export async function readStartRows(workbook: Uint8Array, tell: Tell): Promise<StartRows> {
  const sheets = await readWorkbook(workbook, 'all');
  for (const { name, rows } of sheets) {
    const known = [...SHEET_NAMES, INTRODUCTION].some((sheet) => sameName(sheet, name));
    if (!known && !rows(',')[Symbol.iterator]().next().done) tell(name, 0, '', 'start-sheet-unknown', { sheets: SHEET_NAMES.join(', ') });
  }
  const found = SHEET_NAMES.map(
    (name) =>
      [
        name,
        rowsOf(
          name,
          sheets.find((sheet) => sameName(sheet.name, name)),
          tell,
        ),
      ] as const,
  );
  if (found.every(([, rows]) => rows.length === 0)) tell('', 0, '', 'start-empty', { sheets: SHEET_NAMES.join(', ') });
  return Object.fromEntries(found) as unknown as StartRows;
}

function rowsOf(name: SheetName, sheet: SheetRead | undefined, tell: Tell): StartRow<SheetName>[] {
  if (!sheet) return [];
  const columns = Object.entries(SHEETS[name]) as [string, StartColumn][];
  const [headings, ...rows] = sheet.rows(',');
  if (!headings) return [];
  const places = placesOf(name, headings, columns, tell);
  if (!places) return [];
  return rows
    .filter(({ fields }) => fields[places.get(columns[0]![0])!]?.trim() !== columns[0]![1].says)
    .flatMap((row) => {
      const read = new RowCells(name, row, tell);
      const text: Record<string, string> = {};
      const ore: Record<string, number> = {};
      for (const [key, column] of columns) {
        const place = places.get(key);
        if (column.as === 'amount') ore[key] = read.ore(column, place);
        else text[key] = read.text(column, place);
      }
      return read.sound ? [{ row: row.row, text, ore }] : [];
    }) as unknown as StartRow<SheetName>[];
}

/** Where each column stands; null where one that is needed is missing. */
function placesOf(
  name: SheetName,
  { row, fields }: TableRow,
  columns: readonly [string, StartColumn][],
  tell: Tell,
): Map<string, number> | null {
  const places = new Map<string, number>();
  const headings = columns.map(([, { heading }]) => heading);
  let sound = true;
  fields.forEach((field, place) => {
    const column = columns.find(([, { heading }]) => sameName(heading, field));
    if (field.trim() === '') return;
    if (!column) tell(name, row, field.trim().slice(0, 40), 'file-column-unknown', { columns: headings.join(', ') });
    else if (places.has(column[0])) tell(name, row, field.trim(), 'file-column-twice');
    else places.set(column[0], place);
  });
  for (const [key, { heading, needed }] of columns)
    if (needed && !places.has(key)) {
      sound = false;
      tell(name, row, heading, 'file-column-missing');
    }
  return sound ? places : null;
}

class RowCells {
  sound = true;

  constructor(
    private readonly sheet: string,
    private readonly row: TableRow,
    private readonly told: Tell,
  ) {}

  text(column: StartColumn, place: number | undefined): string {
    const text = this.#field(column, place);
    if (text === '') return '';
    if (text.length > TEXT_CHARACTERS)
      return this.#wrong(column, 'text-too-long', { field: column.heading, characters: text.length, most: TEXT_CHARACTERS });
    if (column.as === 'date') return this.#read(column, () => cellDate(text)) ?? '';
    if (!column.choices) return text;
    const chosen = column.choices.find(([word]) => sameName(word, text));
    return chosen
      ? chosen[1]
      : this.#wrong(column, 'choice-unknown', {
          field: column.heading,
          value: text.slice(0, 40),
          choices: column.choices.map(([word]) => word).join(', '),
        });
  }

  ore(column: StartColumn, place: number | undefined): number {
    const text = this.#field(column, place);
    return (text !== '' && this.#read(column, () => cellOre(text, ','))) || 0;
  }

  #field(column: StartColumn, place: number | undefined): string {
    const flaw = place === undefined ? undefined : this.row.flaws?.get(place);
    if (flaw) return this.#wrong(column, flaw.finding, { value: flaw.value });
    const text = place === undefined ? '' : (this.row.fields[place] ?? '').trim();
    return text === '' && column.needed ? this.#wrong(column, 'file-field-missing') : text;
  }

  #read<T>(column: StartColumn, read: () => T): T | null {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      this.#wrong(column, error.refusal, error.facts);
      return null;
    }
  }

  #wrong({ heading }: StartColumn, finding: RefusalName, facts: Facts = {}): '' {
    this.sound = false;
    this.told(this.sheet, this.row.row, heading, finding, facts);
    return '';
  }
}
