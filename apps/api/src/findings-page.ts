/**
 * The page of what imports found worth a look and nobody has settled: an import at a time, the oldest first, each finding with its sentence
 * and the id that it is settled by. A function of the answer; page.controller.ts asks it.
 */
import { isRefusalName, sentence, swedishInteger } from '#ledger';
import type { FindingEntry, Findings } from '#projections';
import { html, type Html } from './html.js';
import { documentOf } from './page.js';

/** How many findings a page shows. */
export const FINDINGS_A_PAGE = 200;

/** The whole page. @param ledger whose findings these are */
export function findingsPage({ count, rows, next }: Findings, { name, demo }: { readonly name: string; readonly demo: boolean }): string {
  const imports = [...Map.groupBy(rows, (row) => row.import).values()];
  return documentOf(
    `${demo ? 'DEMO – ' : ''}Iakttagelser – ${name}`,
    html`
      <header>
        <h1>Iakttagelser från importerna, ${name}</h1>
        ${demo ? html`<p class="demo">DEMO: uppgifterna är påhittade.</p>` : null}
      </header>
      <main>
        <p><a href="/">Till startsidan</a></p>
        ${
          count === 0
            ? html`<p>Alla är avklarade.</p>`
            : html`<p>
                ${swedishInteger(count)} att klara av. Den som har sett en iakttagelse klarar av den, och säger varför, med
                <code>liggare finding settle ID --reason TEXT</code>.
              </p>`
        }
        ${imports.map(importHtml)} ${next === null ? null : html`<p><a href="/open-findings?after=${next}">Nästa sida</a></p>`}
      </main>
    `,
  );
}

function importHtml(findings: readonly FindingEntry[], index: number): Html {
  const { import: id, file } = findings[0]!;
  return html`<div class="scroll" role="region" aria-labelledby="import-${index}" tabindex="0">
    <table>
      <caption id="import-${index}">
        ${file ?? id}${file === null ? null : html` <small>${id}</small>`}
      </caption>
      <thead>
        <tr>
          <th scope="col" class="amount">Rad</th>
          <th scope="col">Iakttagelse</th>
          <th scope="col">Id</th>
        </tr>
      </thead>
      <tbody>
        ${findings.map(
          ({ id: settledBy, row, finding, facts }) =>
            html`<tr>
              <td class="amount">${row}</td>
              <td>${isRefusalName(finding) ? sentence(finding, facts, 'sv') : finding}</td>
              <td class="id">${settledBy}</td>
            </tr> `,
        )}
      </tbody>
    </table>
  </div> `;
}
