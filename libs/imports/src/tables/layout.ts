/**
 * Which column of a table is what: a profile's columns found among the headings of a file. A profile changes over time and so does the
 * file's form, so the newest version whose headings are all there is the one that is read by.
 */
import { Refusal, type ProfileSettings, type ProfileVersions, type TableLayout } from '#ledger';

type Role = keyof TableLayout['columns'];
export type Column = { readonly heading: string; readonly place: number };

/** A table's columns, by their places in a row from 0. */
export type FoundLayout = {
  readonly table: TableLayout;
  /** The row of the file that holds the headings. */
  readonly headingRow: number;
  readonly headings: readonly string[];
  readonly columns: { readonly [role in Role]?: Column };
  /** The month in which the fiscal year begins. */
  readonly firstMonth: number | undefined;
  /** The period is the line's own matter: the rows of a voucher may be of different months. */
  readonly ownPeriods: boolean;
  /** The columns that any version of the profile reads codes from, as far as the file has them. */
  readonly objects: readonly (Column & { readonly isPeriod: boolean })[];
};
/** The first row of the file from `headingRow` on, as a version reads it; null where the file ends before it, a refusal where it has no such sheet. */
export type HeadingOf = (
  table: TableLayout,
  headingRow: number,
) => { readonly row: number; readonly fields: readonly string[] } | Refusal | null;

/**
 * The layout of the newest version whose headings the file has.
 * @throws Refusal `table-profile-without-columns`, `table-heading-row-missing`, `table-heading-missing`, `file-column-twice`, `sheet-missing`, about the newest version where none fits
 */
export function findLayout(versions: ProfileVersions, headingOf: HeadingOf): FoundLayout {
  const codes = [...new Set(versions.flatMap(({ settings }) => codeColumns(settings)))];
  const periods = new Set(
    versions.flatMap(({ settings: { period } }) =>
      typeof period?.from === 'object' && 'column' in period.from ? [period.from.column] : [],
    ),
  );
  let newest: Refusal | null = null;
  for (const { settings } of versions.toReversed()) {
    if (!settings.table) continue;
    const found = layoutOf(settings, codes, periods, headingOf);
    if (!(found instanceof Refusal)) return found;
    newest ??= found;
  }
  throw newest ?? new Refusal('table-profile-without-columns', { row: 1 });
}

function layoutOf(
  settings: ProfileSettings,
  codes: readonly string[],
  periods: ReadonlySet<string>,
  headingOf: HeadingOf,
): FoundLayout | Refusal {
  const table = settings.table!;
  const { headingRow = 1, columns } = table;
  const heading = headingOf(table, headingRow);
  if (heading instanceof Refusal) return heading;
  if (!heading) return new Refusal('table-heading-row-missing', { row: headingRow, headingRow });
  const { row } = heading;
  const headings = heading.fields.map(oneSpaced);
  headings.length = headings.findLastIndex((text) => text !== '') + 1;
  const roles = Object.entries(columns).filter((entry): entry is [Role, string] => entry[1] !== undefined);
  for (const wanted of [...roles.map(([, column]) => column), ...codeColumns(settings)].map(oneSpaced)) {
    const place = headings.indexOf(wanted);
    if (place < 0)
      return new Refusal('table-heading-missing', { row, column: wanted, headings: headings.filter(Boolean).join(', ').slice(0, 400) });
    if (headings.includes(wanted, place + 1)) return new Refusal('file-column-twice', { row, column: wanted });
  }
  const at = (column: string): Column => ({ heading: column, place: headings.indexOf(oneSpaced(column)) });
  return {
    table,
    headingRow: row,
    headings,
    firstMonth: settings.firstMonth,
    ownPeriods: settings.period?.from === 'line-date' || typeof settings.period?.from === 'object',
    columns: Object.fromEntries(roles.map(([role, column]) => [role, at(column)])),
    objects: codes.map((code) => ({ ...at(code), isPeriod: periods.has(code) })).filter(({ place }) => place >= 0),
  };
}

const oneSpaced = (heading: string): string => heading.trim().replace(/\s+/g, ' ');

/** The columns that codes are read from: grant, unit, decision, counterpart and period, and those that the filter asks about. */
function codeColumns({ grant, unit, decision, counterpart, period, filter }: ProfileSettings): string[] {
  const conditions = [...(filter?.keep ?? []), ...(filter?.drop ?? [])];
  const places = [grant, unit.places, decision?.places ?? [], counterpart?.places ?? []].flat();
  return [...places, ...conditions.flatMap(({ place }) => place ?? []), ...(typeof period?.from === 'object' ? [period.from] : [])].flatMap(
    (place) => ('column' in place ? [place.column] : []),
  );
}
