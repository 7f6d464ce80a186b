/** The demo's files (demo/ in the project) as they are read: register.json and acts.json, kronor as text. Used by demo-ledger.ts alone. */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  AllotFunds,
  ClosePeriod,
  CorrectVoucher,
  ExemptFromNeutrality,
  OpenLedger,
  parseOre,
  ReallocateFunds,
  RecodeCost,
  RegisterDecision,
  RegisterGrant,
  SetUnit,
  type AccountClass,
  type Command,
  type DraftLine,
  type Mandate,
  type Reference,
  type Terms,
} from '#ledger';

type Dated = { readonly at: string };
type Named = { readonly book: string; readonly year: number; readonly series: string; readonly number: number };
type Line = Omit<DraftLine, 'amountOre'> & { readonly amount: string };
type Dates = { readonly date: string; readonly period: string; readonly text: string; readonly mandate: Mandate };

export type DemoRegister = {
  readonly organisation: {
    readonly name: string;
    readonly organisationNumber: string;
    readonly timeZone: string;
    readonly region: string;
    readonly grantCodePattern: string;
    readonly openedAt: string;
  };
  readonly book: { readonly book: string; readonly year: number };
  readonly accountClasses: readonly AccountClass[];
  readonly units: readonly (Dated & {
    readonly unit: string;
    readonly name: string;
    readonly kind: string;
    readonly parent: string | null;
    readonly validFrom: string;
  })[];
  readonly grants: readonly (Dated & { readonly grant: string; readonly name: string; readonly validFrom: string })[];
  readonly decisions: readonly (Dated &
    Omit<Terms, 'awardedOre'> & {
      readonly decision: string;
      readonly grant: string;
      readonly awarded: string;
      readonly receivedTo: 'liability' | 'income';
    })[];
  readonly allotments: readonly (Dated & {
    readonly decision: string;
    readonly unit: string;
    readonly amount: string;
    readonly date: string;
    readonly mandate?: Mandate;
  })[];
  readonly exemptions: readonly (Dated & {
    readonly grant: string;
    readonly year: number;
    readonly reference: string;
    readonly reason: string;
  })[];
};

export type DemoAct = Dated &
  (
    | { readonly act: 'import'; readonly file: string }
    | { readonly act: 'close-period'; readonly period: string }
    | (Dates & {
        readonly act: 'recode';
        readonly voucher: Named;
        readonly line: number;
        readonly from: string | null;
        readonly to: readonly { readonly grant: string; readonly amount: string }[];
      })
    | (Dates & {
        readonly act: 'reallocate';
        readonly grant: string;
        readonly from: string;
        readonly to: string;
        readonly amount: string;
        readonly account: string;
      })
    | (Dates & {
        readonly act: 'correct';
        readonly voucher: Named;
        readonly reason: string;
        readonly replacement: { readonly date: string; readonly text: string; readonly lines: readonly Line[] } | null;
      })
  );

/** A file to import, or a command, at the demo clock's time. */
export type DemoStep = Dated & ({ readonly file: string } | { readonly command: Command });

/** Where the demo's files lie: beside the program, wherever it was built to. */
export function demoFolder(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (dirname(folder) !== folder) {
    try {
      readFileSync(join(folder, 'demo', 'register.json'));
      return join(folder, 'demo');
    } catch {
      folder = dirname(folder);
    }
  }
  throw new Error('the demo’s files are not shipped with this program');
}

/** Everything that happened in the demo's year, in order. */
export function demoSteps(folder: string): { readonly book: string; readonly year: number; readonly steps: readonly DemoStep[] } {
  const read = (file: string): unknown => JSON.parse(readFileSync(join(folder, file), 'utf8'));
  const register = read('register.json') as DemoRegister;
  const steps = [...registerSteps(register), ...(read('acts.json') as DemoAct[]).map((act) => stepOf(act))];
  return { ...register.book, steps: steps.sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0)) };
}

function registerSteps({ organisation, accountClasses, units, grants, decisions, allotments, exemptions }: DemoRegister): DemoStep[] {
  const { name, organisationNumber, timeZone, region, grantCodePattern, openedAt } = organisation;
  return [
    { at: openedAt, command: new OpenLedger({ name, organisationNumber, timeZone, region, grantCodePattern, demo: true, accountClasses }) },
    ...units.flatMap(({ at, parent, unit, name: called, kind, validFrom }) =>
      parent === null ? [] : [{ at, command: new SetUnit({ unit, name: called, kind, parent, validFrom }) }],
    ),
    ...grants.map(({ at, grant, name: called, validFrom }) => ({ at, command: new RegisterGrant({ grant, name: called, validFrom }) })),
    ...decisions.map(({ at, decision, grant, awarded, ...terms }) => ({
      at,
      command: new RegisterDecision({ decision, grant, terms: { ...terms, awardedOre: parseOre(awarded) } }),
    })),
    ...allotments.map(({ at, amount, ...rest }) => ({ at, command: new AllotFunds({ ...rest, amountOre: parseOre(amount) }) })),
    ...exemptions.map(({ at, grant, year, reference, reason }) => ({
      at,
      command: new ExemptFromNeutrality({ grant, year, reference, reason }),
    })),
  ];
}

function stepOf(act: DemoAct): DemoStep {
  const { at } = act;
  switch (act.act) {
    case 'import':
      return { at, file: act.file };
    case 'close-period':
      return { at, command: new ClosePeriod({ period: act.period }) };
    case 'recode': {
      const { voucher, line, from, to, date: eventDate, period, text, mandate } = act;
      const shares = to.map(({ grant, amount }) => ({ grant, amountOre: parseOre(amount) }));
      return {
        at,
        command: new RecodeCost({
          voucher: referenceOf(voucher),
          line,
          from: { grant: from ?? '' },
          to: shares,
          eventDate,
          period,
          text,
          mandate,
        }),
      };
    }
    case 'reallocate': {
      const { grant, from, to, amount, account, date: eventDate, period, text, mandate } = act;
      return {
        at,
        command: new ReallocateFunds({
          grant,
          from,
          to,
          amountOre: parseOre(amount),
          account,
          eventDate,
          period,
          text,
          mandate,
          bookedAs: 'changed-unit',
        }),
      };
    }
    case 'correct': {
      const { voucher, date: eventDate, period, text, reason, replacement } = act;
      const replacing = replacement && { eventDate: replacement.date, text: replacement.text, lines: replacement.lines.map(lineOf) };
      return {
        at,
        command: new CorrectVoucher({
          voucher: referenceOf(voucher),
          reason: `${text}: ${reason}`,
          eventDate,
          period,
          ...(replacing ? { replacement: replacing } : {}),
        }),
      };
    }
  }
}

const referenceOf = ({ book, year, series, number }: Named): Reference => ({ book, year, series, number: String(number), version: 1 });

function lineOf({ amount, grant, decision, ...line }: Line): DraftLine {
  return { ...line, amountOre: parseOre(amount), ...(grant ? { grant } : {}), ...(decision ? { decision } : {}) };
}
