/**
 * From the rows of a start workbook to what is to be registered, in an order that the ledger takes, and what is there already. A row that
 * says another thing than the ledger does is complained of: a start registers, it never changes.
 */
import {
  accountClasses,
  canonical,
  FIRST_CLASSES,
  Refusal,
  RegisterDecision,
  RegisterGrant,
  registeredUnit,
  SetAccountClasses,
  SetProfile,
  SetUnit,
  type AccountClass,
  type CodeMapping,
  type Command,
  type Facts,
  type Json,
  type Ledger,
  type RefusalName,
  type Terms,
} from '#ledger';
import { carriedIn } from './carried-in.js';
import { CLASSES, DECISIONS, GRANTS, UNITS, type SheetName } from './sheets.js';
import type { ObjectNames } from './sie-facts.js';
import type { StartRow, StartRows, Tell } from './start-rows.js';

/** Something that the workbook speaks of: a unit, a grant … `code` as the user knows it. */
export type StartItem = { readonly sheet: SheetName; readonly row: number; readonly code: string };
/** What is to be registered. `columns`: the heading that a no of that name is about; the first column where it is not said. */
export type StartStep = StartItem & { readonly command: Command; readonly columns: { readonly [refusal in RefusalName]?: string } };
export type StartAsked = {
  /** The ledger's first year: amounts are carried into it. */
  readonly year: number;
  readonly names: ObjectNames;
  /** The name that the user knows the file by: the document behind what is carried in. */
  readonly file: string;
  /** The profile that gets the list of responsibilities as its mapping of units, by a new version. */
  readonly profile?: string;
};
export type StartPlan = {
  readonly steps: readonly StartStep[];
  readonly already: readonly StartItem[];
  /** The responsibilities and their units, as a profile's mapping. */
  readonly responsibilities: readonly CodeMapping[];
};

/** @param tell told of each row that cannot be registered; the plan is not to be carried out then · @param notice told of what is worth a look */
export function planStart(rows: StartRows, ledger: Ledger, asked: StartAsked, tell: Tell, notice: Tell): StartPlan {
  const already: StartItem[] = [];
  const planning: Planning = { ledger, asked, tell, notice, there: (item) => already.push(item) };
  const steps = [
    ...classSteps(rows.Kontoklasser, firstYear(rows.Ingående, asked.year), planning),
    ...unitSteps(rows.Enheter, planning),
    ...grantSteps(rows.Bidrag, planning),
    ...decisionSteps(rows.Beslut, planning),
  ];
  const units = new Set(rows.Enheter.map(({ text }) => text.unit));
  const responsibilities = responsibilitiesOf(rows.Ansvar, units, planning);
  const decisions = new Map(rows.Beslut.map((row) => [row.text.decision, termsOf(row)]));
  const carried = carriedIn(rows, decisions, planning);
  return { steps: [...steps, ...carried, ...profileSteps(rows.Ansvar, responsibilities, planning)], already, responsibilities };
}

export type Planning = {
  readonly ledger: Ledger;
  readonly asked: StartAsked;
  readonly tell: Tell;
  readonly notice: Tell;
  there(item: StartItem): void;
};

/** The earliest year that amounts are posted in. */
const firstYear = (rows: StartRows['Ingående'], year: number): number =>
  Math.min(year - 1, ...rows.flatMap(({ text: { year: of = '' } }) => (/^\d{4}$/.test(of) ? [Number(of)] : [])));

/** The classes of the sheet, all of them, from the first day of the year. */
function classSteps(rows: StartRows['Kontoklasser'], year: number, { ledger, tell, there }: Planning): StartStep[] {
  if (rows.length === 0) return [];
  const classes: AccountClass[] = [];
  for (const { row, text } of rows) {
    const one = {
      from: text.from,
      to: text.to || text.from,
      kind: text.kind as AccountClass['kind'],
      internal: text.internal === 'yes' || undefined,
      name: text.name || undefined,
    };
    told(tell, 'Kontoklasser', row, CLASSES.from.heading, () => accountClasses([one]));
    told(tell, 'Kontoklasser', row, CLASSES.from.heading, () => accountClasses([...classes, one]));
    classes.push(one);
  }
  const validFrom = `${year}-01-01`;
  const item = { sheet: 'Kontoklasser', row: rows[0]!.row, code: `${classes[0]!.from}–${classes.at(-1)!.to}` } as const;
  const standing = ledger.chart.settings.findLast((setting) => setting.validFrom <= validFrom) ?? ledger.chart.settings[0];
  const same = standing && alike(standing.classes, sorted(classes));
  if (same) return (there(item), []);
  return [{ ...item, command: new SetAccountClasses({ validFrom, classes }), columns: {} }];
}

function sorted(classes: readonly AccountClass[]): readonly AccountClass[] {
  try {
    return accountClasses(classes);
  } catch {
    return FIRST_CLASSES; // what is wrong with them was told by row
  }
}

/** Units above before those below them, however they stand in the sheet. */
function unitSteps(rows: StartRows['Enheter'], planning: Planning): StartStep[] {
  const { ledger, tell, there, asked } = planning;
  const steps = new Map<string, StartStep[]>();
  const parents = new Map<string, string>();
  for (const row of notTwice('Enheter', rows, ({ text }) => `${text.unit} ${text.validFrom}`, planning)) {
    const { unit, kind, validFrom } = row.text;
    const parent = row.text.parent || ledger.facts.region;
    const known = ledger.units.get(unit);
    const standing = known?.versions.findLast((version) => version.validFrom <= validFrom) ?? known?.versions[0];
    const name = nameOf('Enheter', row, row.text.name || (standing?.name ?? ''), unit, asked.names.units, tell);
    if (name === null) continue;
    const item = { sheet: 'Enheter', row: row.row, code: unit } as const;
    if (standing) {
      const differs = differing('Enheter', row.row, unit, tell);
      const changed =
        differs(UNITS.name.heading, name, standing.name) ||
        differs(UNITS.kind.heading, wordOf(UNITS.kind.choices, kind), wordOf(UNITS.kind.choices, standing.kind)) ||
        differs(UNITS.parent.heading, parent, standing.parent ?? '');
      if (!changed) there(item);
      continue;
    }
    const columns = {
      'unit-unknown': UNITS.parent.heading,
      'unit-not-valid': UNITS.parent.heading,
      'unit-below-itself': UNITS.parent.heading,
    };
    const command = new SetUnit({ unit, name, kind, parent, validFrom });
    steps.set(unit, [...(steps.get(unit) ?? []), { ...item, command, columns }]);
    if (!parents.has(unit)) parents.set(unit, parent);
  }
  return inOrder(steps, parents);
}

/** The steps of each code after those of the code above it. */
function inOrder(steps: Map<string, StartStep[]>, above: ReadonlyMap<string, string>): StartStep[] {
  const placed: StartStep[] = [];
  const place = (code: string) => {
    const own = steps.get(code) ?? [];
    steps.delete(code); // a code that lies above itself is met once; the ledger says what is wrong with it
    const over = above.get(code);
    if (over !== undefined && steps.has(over)) place(over);
    placed.push(...own);
  };
  for (const code of [...steps.keys()]) place(code);
  return placed;
}

function grantSteps(rows: StartRows['Bidrag'], planning: Planning): StartStep[] {
  const { ledger, tell, there, asked } = planning;
  const steps = new Map<string, StartStep[]>();
  const predecessors = new Map<string, string>();
  for (const row of notTwice('Bidrag', rows, ({ text }) => text.grant, planning)) {
    const { grant, validFrom, predecessor } = row.text;
    const standing = ledger.grants.get(grant)?.names.findLast((one, at) => at === 0 || one.validFrom <= validFrom)?.name;
    const name = nameOf('Bidrag', row, row.text.name || (standing ?? ''), grant, asked.names.grants, tell);
    if (name === null) continue;
    const item = { sheet: 'Bidrag', row: row.row, code: grant } as const;
    if (standing !== undefined) {
      if (!differing('Bidrag', row.row, grant, tell)(GRANTS.name.heading, name, standing)) there(item);
      continue;
    }
    const command = new RegisterGrant({ grant, name, validFrom, ...(predecessor && { predecessor }) });
    steps.set(grant, [{ ...item, command, columns: { 'grant-unknown': GRANTS.predecessor.heading } }]);
    predecessors.set(grant, predecessor);
  }
  return inOrder(steps, predecessors);
}

function decisionSteps(rows: StartRows['Beslut'], planning: Planning): StartStep[] {
  const { ledger, tell, there } = planning;
  return notTwice('Beslut', rows, ({ text }) => text.decision, planning).flatMap((row): StartStep[] => {
    const { decision, grant, grantYear } = row.text;
    const item = { sheet: 'Beslut', row: row.row, code: decision } as const;
    if (!/^\d{4}$/.test(grantYear))
      return (tell('Beslut', row.row, DECISIONS.grantYear.heading, 'year-malformed', { year: grantYear.slice(0, 40) }), []);
    const terms = termsOf(row);
    const known = ledger.decisions.get(decision);
    if (!known) {
      const columns = {
        'grant-unknown': DECISIONS.grant.heading,
        'grant-is-display-group': DECISIONS.grant.heading,
        'terms-contradict': DECISIONS.restrictionTo.heading,
        'amount-not-positive': DECISIONS.awardedOre.heading,
        'year-malformed': DECISIONS.grantYear.heading,
      };
      return [{ ...item, command: new RegisterDecision({ decision, grant, terms }), columns }];
    }
    const differs = differing('Beslut', row.row, decision, tell);
    const standing = known.versions.find((version) => sameTerms(version.terms, terms))?.terms ?? known.versions.at(-1)!.terms;
    const changed = Object.entries(DECISIONS).find(
      ([field, { heading }]) =>
        field !== 'decision' && differs(heading, said({ ...terms, grant }, field), said({ ...standing, grant: known.grant }, field)),
    );
    if (!changed) there(item);
    return [];
  });
}

/** The terms of a row, with only what it says. */
export function termsOf({ text, ore }: StartRow<'Beslut'>): Terms {
  const { decision: _decision, grant: _grant, kind, grantYear, receivedTo, carryOver, ...texts } = text;
  return {
    ...(Object.fromEntries(Object.entries(texts).filter(([, value]) => value !== '')) as Pick<Terms, 'agency' | 'diarienummer'>),
    kind: kind as Terms['kind'],
    awardedOre: ore.awardedOre!,
    grantYear: Number(grantYear),
    receivedTo: receivedTo as Terms['receivedTo'],
    carryOver: carryOver === 'yes',
  };
}

const sameTerms = (one: Terms, other: Terms): boolean =>
  Object.keys(DECISIONS).every((field) => field === 'decision' || field === 'grant' || said(one, field) === said(other, field));

/** What terms say in a field, as text. */
function said(terms: object, field: string): string {
  const value = (terms as { readonly [field: string]: string | number | boolean | undefined })[field];
  return value === undefined ? '' : String(value);
}

/** The list of responsibilities as a mapping, each row checked by itself and against those before it. */
function responsibilitiesOf(rows: StartRows['Ansvar'], units: ReadonlySet<string>, { ledger, tell }: Planning): CodeMapping[] {
  const mappings: (CodeMapping & { readonly to: string })[] = [];
  for (const { row, text } of rows) {
    const mapping = { from: text.from, to: text.to || text.from, code: text.unit };
    const wrong = (column: string, finding: RefusalName, facts: Facts) => tell('Ansvar', row, column, finding, facts);
    if (mapping.to.length !== mapping.from.length || mapping.to < mapping.from)
      wrong('Ansvar till', 'profile-range-malformed', { part: 'Ansvar', from: mapping.from, to: mapping.to });
    const other = mappings.find(({ from, to }) => from.length === mapping.from.length && from <= mapping.to && mapping.from <= to);
    if (other)
      wrong('Ansvar från', 'profile-ranges-overlap', {
        part: 'Ansvar',
        first: `${other.from}-${other.to}`,
        second: `${mapping.from}-${mapping.to}`,
      });
    if (!units.has(mapping.code)) told(tell, 'Ansvar', row, 'Enhet', () => registeredUnit(mapping.code, ledger));
    mappings.push(mapping);
  }
  return mappings.map(({ from, to, code }) => ({ from, ...(to !== from && { to }), code }));
}

function profileSteps(rows: StartRows['Ansvar'], mappings: readonly CodeMapping[], { ledger, asked, tell, there }: Planning): StartStep[] {
  const { profile, year } = asked;
  if (profile === undefined || rows.length === 0) return [];
  const item = { sheet: 'Ansvar', row: rows[0]!.row, code: profile } as const;
  const settings = ledger.profiles
    .get(profile)
    ?.versions.find(({ version }, _, all) => all.every((other) => other.version <= version))?.settings;
  if (!settings) return (tell('Ansvar', rows[0]!.row, '', 'profile-unknown', { profile }), []);
  if (alike(settings.unit.mappings ?? [], mappings)) return (there(item), []);
  const command = new SetProfile({ profile, validFrom: `${year}-01-01`, settings: { ...settings, unit: { ...settings.unit, mappings } } });
  return [{ ...item, command, columns: {} }];
}

/** The name of a row, or the one that the SIE file has of the code; null where there is none. */
function nameOf(
  sheet: SheetName,
  { row }: { row: number },
  name: string,
  code: string,
  names: ReadonlyMap<string, string>,
  tell: Tell,
): string | null {
  const found = name || names.get(code);
  if (found === undefined) tell(sheet, row, 'Namn', 'start-name-missing', { code });
  return found ?? null;
}

/** The rows, but for those that say again what an earlier one did: they are told. */
function notTwice<S extends SheetName>(
  sheet: S,
  rows: readonly StartRow<S>[],
  key: (row: StartRow<S>) => string,
  { tell }: Planning,
): StartRow<S>[] {
  const seen = new Map<string, number>();
  return rows.filter((row) => {
    const earlier = seen.get(key(row));
    if (earlier !== undefined) tell(sheet, row.row, '', 'start-row-twice', { code: key(row).split(' ')[0]!, earlier });
    else seen.set(key(row), row.row);
    return earlier === undefined;
  });
}

/** Tells of a field where the workbook and the ledger say different things, and answers whether they do. */
const differing =
  (sheet: SheetName, row: number, code: string, tell: Tell) =>
  (column: string, given: string, standing: string): boolean => {
    if (given === standing) return false;
    tell(sheet, row, column, 'start-differs', { code, given, standing });
    return true;
  };

/** Whether two values would be stored as the same. */
const alike = (one: object, other: object): boolean => canonical(one as Json) === canonical(other as Json);

const wordOf = (choices: readonly (readonly [string, string])[], value: string): string =>
  choices.find(([, of]) => of === value)?.[0] ?? value;

/** A refusal is told of the row and column that it is about. */
export function told(tell: Tell, sheet: SheetName, row: number, column: string, check: () => unknown): void {
  try {
    check();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    tell(sheet, row, column, error.refusal, error.facts);
  }
}
