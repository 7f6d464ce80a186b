/**
 * Writes the workbook that a region fills in to start its ledger: a sheet for each kind of thing, with headings, a row that explains them,
 * and lists to choose from. What a SIE file knows already, the names of objects, can stand there from the beginning.
 */
import { writeXlsx, type CellStyle, type CellValue, type DataValidation, type WriteSheet } from 'hucre/xlsx';
import type { ObjectNames } from './sie-facts.js';
import { INTRODUCTION, SHEET_NAMES, SHEETS, type SheetName, type StartColumn } from './sheets.js';

const INTRODUCING = [
  'Start av liggaren',
  'Fyll i bladen från vänster till höger. Rad 1 är rubriker och rad 2 förklaringar; skriv från rad 3. Blad som inte behövs lämnas tomma.',
  'Rubriker som är feta måste fyllas i på varje rad. Belopp skrivs i kronor med högst två decimaler; debet är plus och kredit minus.',
  'Läs in filen med liggare start read FIL --dry-run: då sägs vad som skulle registreras, och inget lagras.',
  'Något fel på en enda rad gör att inget läses in. Filen kan läsas in igen när den är rättad: det som redan finns registreras inte en gång till.',
];
/** Rows that lists to choose from reach down to, and those whose cells have a form: a code typed there keeps its leading zeros. */
const [LAST_ROW, FORMED_ROWS] = [2_000, 500];
const FONT = { name: 'Calibri', size: 11 };
const HEADING: CellStyle = { fill: { type: 'pattern', pattern: 'solid', fgColor: { rgb: 'DDE7F0' } } };
const EXPLANATION: CellStyle = {
  font: { ...FONT, italic: true, color: { rgb: '555555' } },
  alignment: { wrapText: true, vertical: 'top' },
};

/** @param names units and grants to begin with, by code; none where left out · @returns the bytes of an .xlsx file */
export function writeStartTemplate(names: Partial<ObjectNames> = {}): Promise<Uint8Array> {
  const known: Partial<Record<SheetName, ReadonlyMap<string, string>>> = { Enheter: names.units, Bidrag: names.grants };
  const introduction: WriteSheet = { name: INTRODUCTION, columns: [{ width: 140 }], rows: INTRODUCING.map((text) => [text]) };
  return writeXlsx({ sheets: [introduction, ...SHEET_NAMES.map((name) => sheetOf(name, [...(known[name] ?? [])]))], activeSheet: 0 });
}

function sheetOf(name: SheetName, known: readonly (readonly [string, string])[]): WriteSheet {
  const columns: readonly StartColumn[] = Object.values(SHEETS[name]);
  const rows: CellValue[][] = [columns.map(({ heading }) => heading), columns.map(({ says }) => says), ...known.map((row) => [...row])];
  const styled = columns.flatMap(({ heading, says, needed, as }, at): [string, { value: CellValue; style: CellStyle }][] => [
    [`0,${at}`, { value: heading, style: { ...HEADING, font: { ...FONT, bold: needed === true } } }],
    [`1,${at}`, { value: says, style: EXPLANATION }],
    ...Array.from({ length: FORMED_ROWS }, (_, row): [string, { value: CellValue; style: CellStyle }] => [
      `${row + 2},${at}`,
      { value: known[row]?.[at] ?? null, style: { numFmt: as ? FORMS[as] : '@' } },
    ]),
  ]);
  return {
    name,
    columns: columns.map(({ as }) => ({ width: as ? 16 : 22 })),
    rows,
    cells: new Map(styled),
    freezePane: { rows: 2 },
    dataValidations: columns.flatMap((column, at) => choicesOf(column, letter(at))),
  };
}

const FORMS = { date: 'yyyy-mm-dd', amount: '#,##0.00' } as const;

const letter = (place: number): string => String.fromCharCode(65 + place);

function choicesOf({ heading, choices, of }: StartColumn, column: string): DataValidation[] {
  const range = `${column}3:${column}${LAST_ROW}`;
  const around = { type: 'list', allowBlank: true, range, showErrorMessage: true, errorTitle: heading } as const;
  if (choices) return [{ ...around, values: choices.map(([word]) => word), errorMessage: 'Välj i listan.' }];
  return of
    ? [{ ...around, formula1: `'${of}'!$A$3:$A$${LAST_ROW}`, errorStyle: 'warning', errorMessage: `Koden finns inte i bladet ${of}.` }]
    : [];
}
