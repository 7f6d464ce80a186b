/**
 * A profile as a file that an accountant writes: JSON, where a line that begins with // is a comment. Here are the starting points
 * that `liggare profile example` prints, each valid as it stands, and how such a file is read.
 */
import { WrongUsage } from './exit.js';
import { textIn } from './files.js';
import type { Say } from './words.js';

export const EXAMPLES = ['sie', 'csv', 'selection'] as const;

/** The settings in a file, unchecked: the API names what is wrong in them. */
export function settingsIn(file: string, say: Say): object {
  const text = textIn(file, say);
  try {
    const settings: unknown = JSON.parse(text.replace(/^[ \t]*\/\/.*$/gm, ''));
    if (typeof settings === 'object' && settings !== null && !Array.isArray(settings)) return settings;
  } catch (error) {
    const [, line] = /line (\d+)/.exec((error as Error).message) ?? [];
    const where = line ? say(`, se rad ${line}`, `, see line ${line}`) : '';
    throw new WrongUsage(say(`Filen ${file} är ingen giltig JSON${where}.`, `The file ${file} is not valid JSON${where}.`));
  }
  throw new WrongUsage(say(`Filen ${file} ska vara ett objekt: { … }.`, `The file ${file} must hold an object: { … }.`));
}

/** A starting point with comments, ready to be edited and set. */
export function exampleOf(kind: (typeof EXAMPLES)[number], say: Say): string {
  const c = (sv: string, en: string) => `// ${say(sv, en)}`;
  const shared = `  ${c('Boken som verifikaten hör till: små bokstäver och siffror. Densamma i alla versioner.', 'The book that the vouchers belong to: small letters and digits. The same in all versions.')}
  "book": "${kind === 'selection' ? 'urval' : 'erp'}",`;
  const head = `{
  ${c('En rad som börjar så här är en kommentar. Sätt profilen: liggare profile set namn fil --from datum', 'A line that begins so is a comment. Set the profile: liggare profile set name file --from date')}`;
  const chosen = `  ${c('Brutet räkenskapsår i filer som inte själva anger det (SIE gör det i #RAR): månaden då det börjar.', 'A broken fiscal year, in files that do not say it (SIE does, in #RAR): the month in which it begins.')}
  // "firstMonth": 7,
  ${c('Serier vars nummer återkommer: verifikaten känns igen på sitt innehåll. Serier skrivs som i filen.', 'Series whose numbers come again: vouchers are known by what they say. Series are written as in the file.')}
  // "unnumbered": ["#"],
  ${c('Vad som tas ur filen. Hela verifikat: de som har minst en sådan rad. Allt om inget anges.', 'What is taken from the file. Whole vouchers: those with at least one such line. All where left out.')}
  // "filter": { "keep": [{ "accounts": [{ "from": "3000", "to": "8999" }] }], "drop": [{ "series": ["LON"] }, { "dates": { "to": "2022-12-31" } }] },`;
  if (kind === 'sie')
    return `${head}
  ${c('Hela verifikat (whole-vouchers) som ska balansera, eller ett urval av rader (selection).', 'Whole vouchers that must balance (whole-vouchers), or a selection of lines (selection).')}
  "kind": "whole-vouchers",
${shared}
  ${c('Var bidragskoden står, i turordning. Bara koder som liknar mönstret är bidragskoder.', 'Where the grant code stands, in order of precedence. Only codes that look like the pattern are grant codes.')}
  "grant": [
    { "dimension": "20", "pattern": "^99\\\\d{2}$" },
    { "dimension": "6", "pattern": "^99\\\\d{2}$" }
  ],
  ${c('Var enheten står: dimension 1 är kostnadsställe. Filens koder får heta något annat här.', 'Where the unit stands: dimension 1 is the cost centre. The file’s codes may be called something else here.')}
  "unit": {
    "places": [{ "dimension": "1" }]
    // , "mappings": [{ "from": "6100", "to": "6199", "code": "614" }]
    // , "otherwise": "REG"
  },
  ${c('Redovisningsperioden: voucher-date, line-date, registered. Bokslutsserier hör till månad 13 till 16.', 'The accounting period: voucher-date, line-date, registered. Closing series belong to months 13 to 16.')}
  "period": {
    "from": "voucher-date"
    // , "closingSeries": [{ "series": "BOK", "month": 13 }]
  },
${chosen}
  ${c('Vad som sparas: file (filen som den är) eller chosen-rows (bara det filtret valt, med hela filens kontrollsumma).', 'What is kept: file (as it is) or chosen-rows (only what the filter chose, with the hash of the whole file).')}
  "keeps": "file"
}`;
  // A selection has lines that were chosen one by one: what they say is theirs, not their voucher's.
  const texts = kind === 'selection' ? '"lineText": "Text"' : '"text": "Text",\n      "counterparty": "Motpartsnamn"';
  const columns = `  ${c('Kolumnerna, med deras rubriker. "amount" med tecken (debet +), eller "debit" och "credit".', 'The columns, by their headings. "amount" with its sign (debit +), or "debit" and "credit".')}
  "table": {
    "decimal": ",",
    // "separator": ";", "sheet": "Huvudbok", "headingRow": 3, "creditPositive": true,
    "columns": {
      "series": "Serie",
      "number": "Vernr",
      "date": "Datum",
      "account": "Konto",
      "amount": "Belopp",
      ${texts}
    }
  }
}`;
  const places = `  ${c('Var bidragskoden, enheten och motparten står.', 'Where the grant code, the unit and the counterpart stand.')}
  "grant": [{ "column": "Objekt", "pattern": "^99\\\\d{2}$" }],
  "unit": { "places": [{ "column": "Ansvar" }] },
  "counterpart": { "places": [{ "column": "Motpart" }] },`;
  if (kind === 'csv')
    return `${head}
  ${c('CSV eller Excel med hela verifikat.', 'CSV or Excel with whole vouchers.')}
  "kind": "whole-vouchers",
${shared}
${places}
  ${c('Redovisningsperioden är datumets månad. Den kan stå i en egen kolumn, eller vara radens (line-date).', 'The accounting period is the month of the date. It may stand in a column of its own, or be the row’s (line-date).')}
  // "period": { "from": { "column": "Period" } },
${chosen}
${columns}`;
  return `${head}
  ${c('Ett urval: rader valda på objekt eller konto. Balanserar inte; kontrollsummor visar om det är helt.', 'A selection: lines chosen by object or account. It does not balance; control totals show whether it is complete.')}
  "kind": "selection",
${shared}
${places}
  ${c('Vilka rader som tas: de som har en bidragskod.', 'Which lines are taken: those with a grant code.')}
  "filter": { "keep": [{ "grantCode": true }] },
${columns}`;
}
