/**
 * The start page: the year's tables as printed and complete, for a scope that can be chosen, readable with a screen reader, a
 * keyboard and no script. A function of the answers; page.controller.ts asks them.
 */
import { swedishInteger } from '#ledger';
import type { LedgerEntry, UnitEntry } from '#projections';
import { aboutLines, amountText, printed, type Cell, type Column, type Row, type Table } from '#reports';
import { html, Html } from './html.js';

/** The last period that a table may count, as the page offers it: a month, or the whole year with its closing periods. */
export const WHOLE_YEAR = '16';
const MONTHS = ['januari', 'februari', 'mars', 'april', 'maj', 'juni', 'juli', 'augusti', 'september', 'oktober', 'november', 'december'];

export type PageContent = {
  readonly ledger: Pick<LedgerEntry, 'name' | 'demo' | 'years'>;
  readonly units: readonly UnitEntry[];
  readonly scope: string;
  readonly year: number;
  /** `01` to `12`, or {@link WHOLE_YEAR}. */
  readonly month: string;
  /** Findings of imports that nobody has settled. */
  readonly openFindings: number;
  /** None where nothing has been posted yet. */
  readonly tables: readonly { readonly table: Table; readonly route: string }[];
};

const STYLE = `
:root { color-scheme: light; }
* { box-sizing: border-box; }
body { margin: 0; font: 1rem/1.5 system-ui, sans-serif; color: #1b1b1b; background: #fff; }
header, main, footer { max-width: 88rem; margin: 0 auto; padding: 1rem 1.25rem; }
h1 { margin: 0; font-size: 1.6rem; }
a { color: #00498f; }
a:focus-visible, select:focus-visible, button:focus-visible, .scroll:focus-visible { outline: 3px solid #00498f; outline-offset: 2px; }
.skip { position: absolute; left: -100rem; } .skip:focus { position: static; }
.demo { margin: .5rem 0 0; padding: .4rem .75rem; border-left: .4rem solid #8a2b00; background: #fff3e6; color: #5c1d00; font-weight: 600; }
form { display: flex; flex-wrap: wrap; gap: .75rem; align-items: end; margin: 1rem 0; }
label { display: grid; grid-template-columns: minmax(0, auto); max-width: 100%; font-weight: 600; }
select, button { font: inherit; padding: .35rem .6rem; border: 1px solid #595959; border-radius: .25rem; background: #fff; color: inherit; min-height: 2.5rem; max-width: 100%; }
button { background: #00498f; color: #fff; border-color: #00498f; }
.scroll { overflow-x: auto; margin: 1.5rem 0 .5rem; background: linear-gradient(to right, #fff 50%, #fff0) 0 / 3rem 110% no-repeat local, linear-gradient(to left, #fff 50%, #fff0) 100% / 3rem 110% no-repeat local, linear-gradient(to right, #0003, #0000) 0 / .9rem 100% no-repeat, linear-gradient(to left, #0003, #0000) 100% / .9rem 100% no-repeat; }
table { min-width: min(34rem, 100%); border-collapse: collapse; font-variant-numeric: tabular-nums; font-size: .9375rem; }
.verdict { white-space: nowrap; }
caption { width: max-content; min-width: 100%; max-width: calc(100vw - 2.5rem); text-align: left; font-weight: 600; font-size: 1.15rem; padding-bottom: .25rem; }
caption small { display: block; width: 0; min-width: 100%; font-weight: 400; font-size: .9rem; color: #4a4a4a; }
th, td { padding: .2rem .7rem .2rem 0; text-align: left; font-weight: 400; vertical-align: top; }
thead th { border-bottom: 2px solid #1b1b1b; font-weight: 600; vertical-align: bottom; }
.amount { text-align: right; white-space: nowrap; }
.id { white-space: nowrap; color: #4a4a4a; }
.total th, .total td { border-top: 1px solid #595959; font-weight: 600; }
.aside th, .aside td { color: #4a4a4a; }
.unseen { position: absolute; left: -100rem; }
.notes { color: #4a4a4a; margin: .25rem 0; padding-left: 1.1rem; }
footer { border-top: 1px solid #c6c6c6; color: #4a4a4a; }
@media print { form, nav, .skip { display: none; } .scroll { overflow: visible; } }
`;

/** The whole page. */
export function page({ ledger, units, scope, year, month, openFindings, tables }: PageContent): string {
  return documentOf(
    `${ledger.demo ? 'DEMO – ' : ''}Riktade statsbidrag ${year} – ${ledger.name}`,
    html`
      <a class="skip" href="#innehall">Hoppa till innehållet</a>
      <header>
        <h1>Riktade statsbidrag, ${ledger.name}</h1>
        ${ledger.demo ? html`<p class="demo">DEMO: uppgifterna är påhittade.</p>` : null}
      </header>
      <main id="innehall">
        <form method="get" action="/">
          <label
            >Omfattning
            <select name="scope">
              ${units.map(({ unit, versions }) => option(unit, `${unit} ${versions.at(-1)!.name}`, unit === scope))}
            </select></label
          >
          <label
            >År
            <select name="year">
              ${[...new Set([...ledger.years, year])].sort().map((one) => option(String(one), String(one), one === year))}
            </select></label
          >
          <label
            >Till och med
            <select name="month">
              ${MONTHS.map((name, index) => option(String(index + 1).padStart(2, '0'), name, Number(month) === index + 1))}
              ${option(WHOLE_YEAR, 'hela året', month === WHOLE_YEAR)}
            </select></label
          >
          <button type="submit">Visa</button>
        </form>
        ${openFindings === 0 ? null : html`<p><a href="/open-findings">${swedishInteger(openFindings)} ${openFindings === 1 ? 'iakttagelse' : 'iakttagelser'} från importerna att klara av</a></p>`}
        ${tables.length === 0 ? html`<p>Inget är bokfört än. Läs in en fil med <code>liggare import</code>, eller bokför med <code>liggare post</code>.</p>` : null}
        ${tables.map(({ table, route }, index) => tableHtml(table, route, index, { scope, year: String(year), through: `${year}-${month}` }))}
      </main>
      <footer>
        <nav aria-label="Mer"><a href="/api">API och dokumentation</a></nav>
      </footer>
    `,
  );
}

/** What cannot be shown, in words. */
export function refusalPage(words: string): string {
  return documentOf(
    'Kan inte visas – Liggaren',
    html`
      <main>
        <h1>Kan inte visas</h1>
        <p role="alert">${words}</p>
        <p><a href="/">Till startsidan</a></p>
      </main>
    `,
  );
}

/** A page of that title, in the one style that all have. */
export function documentOf(title: string, body: Html): string {
  return html`<!doctype html>
    <html lang="sv">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title}</title>
        <style>
          ${new Html(STYLE)}
        </style>
      </head>
      <body>
        ${body}
      </body>
    </html> `.text;
}

const option = (value: string, words: string, chosen: boolean): Html =>
  chosen ? html`<option value="${value}" selected>${words}</option>` : html`<option value="${value}">${words}</option>`;

function tableHtml(
  table: Table,
  route: string,
  index: number,
  asked: { readonly scope: string; readonly year: string; readonly through: string },
): Html {
  const { title, columns, rows, notes, unit } = table;
  const query = new URLSearchParams({ ...asked, unit, format: 'csv' });
  return html`<div class="scroll" role="region" aria-labelledby="tabell-${index}" tabindex="0">
      <table>
        <caption id="tabell-${index}">
          ${title}
          <small
            >${aboutLines(table)
              .map((line) => line.replace(/\.$/, ''))
              .join('. ')}.</small
          >
        </caption>
        <thead>
          <tr>
            ${columns.map(({ header, kind }) => html`<th scope="col" ${kindClass(kind)}>${header}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${rows.map((row) => rowHtml(row, columns, unit))}
        </tbody>
      </table>
    </div>
    ${
      notes.length
        ? html`<ul class="notes">
            ${notes.map((note) => html`<li>${note}</li>`)}
          </ul>`
        : null
    }
    <p>
      <a href="/reports/${route}?${query.toString()}">Hämta tabellen som CSV<span class="unseen"> (${title})</span></a>
    </p> `;
}

/** A row names itself in its first cell that says something: the code, or the name of a total. */
function rowHtml({ kind, cells }: Row, columns: readonly Column[], unit: Table['unit']): Html {
  const heading = cells.findIndex((cell) => typeof cell === 'string' && cell !== '');
  const shown = cells.map((cell, i) => {
    const text = cellText(cell, columns[i]!.kind, unit);
    if (columns[i]!.kind === 'text' && i === columns.length - 1 && i !== heading) return html`<td class="verdict">${text}</td>`;
    return i === heading ? html`<th scope="row">${text}</th>` : html`<td${kindClass(columns[i]!.kind)}>${text}</td>`;
  });
  return html`<tr class="${kind}">
    ${shown}
  </tr> `;
}

const kindClass = (kind: Column['kind']): Html => new Html(kind === 'amount' ? ' class="amount"' : '');

function cellText(cell: Cell, kind: Column['kind'], unit: Table['unit']): string {
  if (cell === null) return '–';
  if (typeof cell === 'string') return cell;
  return kind === 'amount' ? amountText(printed(cell.ore, unit), unit) : '';
}
