/**
 * From what a person writes to a voucher that counts: every field checked, every line resolved to what it does, balanced,
 * numbered (R2, R14). Used by every act by hand.
 */
import { date, period as checkedPeriod, periodOf, yearOf } from '../calendar.js';
import type { Warning } from '../events.js';
import { codeOf, textOf } from '../fields.js';
import type { Ledger } from '../ledger.js';
import { LINES_BY_HAND } from '../limits.js';
import { exactOre } from '../money.js';
import { refuse } from '../refusal.js';
import { ownReference } from '../reference.js';
import { decisionOfGrant, receivedTo as receivedToOf, registeredDecision } from '../register/decision.js';
import { isClosedYear, postableGrant } from '../register/grant.js';
import { postableUnit } from '../register/unit.js';
import { balances, type Act, type Effect, type Line, type Voucher, type VoucherTexts } from '../voucher.js';
import { effectOf, type ReceivedTo } from './effect.js';

/** A line as written: öre debit +, credit −. A decision brings its grant with it. */
export type DraftLine = { account: string; amountOre: number; unit: string; grant?: string; decision?: string; counterpart?: string };
/** A voucher as written. The period is the date's month where none is given. */
export type Draft = {
  eventDate: string;
  period?: string;
  text: string;
  counterparty?: string;
  document?: string;
  lines: readonly DraftLine[];
};
export type Drafted = { readonly voucher: Voucher; readonly texts: VoucherTexts };

const NEEDED: { readonly [act in Act]?: { readonly effects: readonly Effect[]; readonly kind: string } } = {
  receipt: { effects: ['received', 'both'], kind: 'grant-liability/income' },
  recognition: { effects: ['recognised'], kind: 'income' },
  cost: { effects: ['cost'], kind: 'cost' },
  repayment: { effects: ['repaid'], kind: 'grant-liability' },
};

/** The period itself, open · refuses `period-malformed`, `period-closed`. */
export const openPeriod = (period: string, ledger: Ledger): string =>
  ledger.closedPeriods.has(checkedPeriod(period)) ? refuse('period-closed', { period }) : period;

/**
 * The voucher under an act, with our next number (or `offset` numbers after it).
 * Refuses everything that a field, a line or the voucher as a whole can be wrong in; see the catalogue's section on vouchers.
 */
export function draftVoucher(act: Act, draft: Draft, ledger: Ledger, offset = 0): Drafted {
  const eventDate = date(draft.eventDate);
  const period = openPeriod(draft.period ?? periodOf(eventDate), ledger);
  const lines = draftLines(act, draft.lines, eventDate, period, ledger);
  const year = yearOf(period);
  const text = textOf('text', draft.text); // first: of several texts that are missing it is named
  return {
    voucher: { eventDate, lines, ref: ownReference(year, ledger.nextNumber(year) + offset) },
    texts: {
      counterparty: textOf('counterparty', draft.counterparty),
      document: textOf('document', draft.document),
      text,
    },
  };
}

/** The lines resolved and balanced · refuses as {@link draftVoucher}. */
export function draftLines(act: Act, drafts: readonly DraftLine[], eventDate: string, period: string, ledger: Ledger): Line[] {
  if (drafts.length < 2) refuse('voucher-without-lines', {});
  if (drafts.length > LINES_BY_HAND) refuse('voucher-too-many-lines', { lines: drafts.length, most: LINES_BY_HAND });
  const kinds = drafts.map(({ account }) => ledger.chart.find(account, eventDate)?.kind);
  const withIncome = new Set(drafts.filter((_, i) => kinds[i] === 'income').map((draft) => grantOf(draft, ledger)));
  const moneyIn = drafts.some((draft, i) => draft.amountOre > 0 && kinds[i] === 'balance');
  const lines = drafts.map((draft, index) => draftLine(act, draft, index + 1, { eventDate, period, withIncome, moneyIn }, ledger));
  if (!balances(lines))
    refuse('voucher-unbalanced', { differenceOre: String(lines.reduce((sum, { amountOre }) => sum + BigInt(amountOre), 0n)) });
  if (act === 'reallocation') reallocates(lines);
  const needed = NEEDED[act];
  if (needed && !lines.some(({ effect }) => needed.effects.includes(effect))) refuse('act-without-its-line', { act, kind: needed.kind });
  return lines;
}

/** What a reallocation must be whoever writes it: another unit, and zero over the units for each grant and decision (R21). */
function reallocates(lines: readonly Line[]): void {
  if (new Set(lines.map(({ unit }) => unit)).size === 1) refuse('same-unit', { unit: lines[0]!.unit });
  const sums = new Map<string, bigint>();
  for (const { grant, decision = '', amountOre } of lines)
    sums.set(`${grant} ${decision}`, (sums.get(`${grant} ${decision}`) ?? 0n) + BigInt(amountOre));
  for (const differenceOre of sums.values())
    if (differenceOre !== 0n) refuse('voucher-unbalanced', { differenceOre: String(differenceOre) });
}

/** The grant that a line names, or that its decision brings · refuses `decision-unknown`. */
const grantOf = ({ grant, decision }: DraftLine, ledger: Ledger): string | undefined =>
  grant ?? (decision === undefined ? undefined : registeredDecision(decision, ledger).grant);

/** `withIncome`: the grants that have an income line in the voucher · `moneyIn`: see {@link effectOf} */
type Around = { eventDate: string; period: string; withIncome: ReadonlySet<string | undefined>; moneyIn: boolean };

function draftLine(act: Act, draft: DraftLine, line: number, { eventDate, period, withIncome, moneyIn }: Around, ledger: Ledger): Line {
  const { account, amountOre, unit, decision, counterpart } = draft;
  if (exactOre(amountOre) === 0) refuse('amount-zero', { line });
  const { kind, internal } = ledger.chart.of(account, eventDate);
  const grant = grantOf(draft, ledger);
  if (grant !== undefined) postableGrant(grant, eventDate, ledger);
  if (decision !== undefined) decisionOfGrant(decision, grant!, ledger);
  const receivedTo: ReceivedTo = grant === undefined ? null : receivedToOf(grant, decision, eventDate, ledger);
  const grantAccount = kind === 'grant-liability' || kind === 'income' || kind === 'reallocation';
  if (grantAccount && grant === undefined && act !== 'import') refuse('line-without-grant', { line, account });
  if (act === 'receipt' && grantAccount) {
    if (decision === undefined) refuse('line-without-decision', { line });
    if ((kind === 'income') !== (receivedTo === 'income') && amountOre < 0)
      refuse('received-elsewhere', { line, decision, receivedTo, account });
  }
  const hasIncome = grant !== undefined && withIncome.has(grant);
  const effect =
    effectOf(act, { kind, amountOre, receivedTo: act === 'receipt' && decision === undefined ? null : receivedTo, hasIncome, moneyIn }) ??
    refuse('account-not-for-act', { line, account, kind, act });
  const postable = postableUnit(unit, eventDate, ledger);
  return {
    account,
    amountOre,
    counterpart: counterpart === undefined ? undefined : codeOf('counterpart', counterpart),
    decision,
    effect,
    grant,
    internal: internal ? true : undefined,
    period,
    unit: postable,
  };
}

/** The texts of a voucher that inherits the document and the other party, as they stand, from the one it names (R2). */
export const inheritedTexts = (text: string, from: VoucherTexts | undefined): VoucherTexts => ({
  text: textOf('text', text),
  counterparty: from?.counterparty,
  document: from?.document,
});

/** What a correction or recoding says of a voucher of a closed year: booked in an open one, about that year (whose table does not move). */
export function concernsOf(about: number, period: string, ledger: Ledger): { concerns: { concernsYear?: number }; warnings: Warning[] } {
  if (about === yearOf(period) || !isClosedYear(about, ledger)) return { concerns: {}, warnings: [] };
  return { concerns: { concernsYear: about }, warnings: [{ warning: 'warning-closed-year', facts: { year: about, period } }] };
}

/** Worth a warning: a period whose year is more than one from the date's. Late vouchers and closing periods lie nearer; a slip of the pen does not. */
export const farFromDate = (day: string, period: string): Warning[] =>
  Math.abs(yearOf(period) - yearOf(day)) > 1 ? [{ warning: 'warning-period-far-from-date', facts: { day, period } }] : [];

/** Worth a warning: money is taken from a grant that was settled and ended, which then has a balance or a net again. */
export const onRetired = (lines: readonly { readonly grant?: string | undefined }[], ledger: Ledger): Warning[] =>
  [...new Set(lines.flatMap(({ grant }) => grant ?? []))].flatMap((grant) => {
    const lastDay = ledger.grants.get(grant)?.lastDay;
    return lastDay ? [{ warning: 'warning-grant-retired', facts: { grant, lastDay } }] : [];
  });

/**
 * What the lines of a voucher are worth a warning for (R19): money above the award, another grant year, outside the restriction, no decision.
 * @param around the lines that the same act posts beside them (a reversal) · @param costDay when the cost arose, where that is not the event date (a recoding)
 */
export function warningsOf(
  lines: readonly Line[],
  eventDate: string,
  ledger: Ledger,
  { around = [], costDay = eventDate }: { around?: readonly Line[]; costDay?: string } = {},
): readonly Warning[] | undefined {
  const warnings: Warning[] = [];
  const [decisions, grants] = [new Set<string>(), new Set<string>()];
  for (const { decision, effect, grant } of lines) {
    if (decision !== undefined && effect !== 'none') decisions.add(decision);
    if (grant !== undefined) grants.add(grant);
  }
  for (const decision of decisions) {
    const own = lines.filter((line) => line.decision === decision);
    const { awardedOre, grantYear, restrictionFrom: from, restrictionTo: to } = ledger.termsOn(decision, eventDate);
    const sum = (effects: readonly Effect[], key: string) =>
      [...own, ...around].reduce(
        (total, line) => (line.decision === decision && effects.includes(line.effect) ? total + BigInt(line.amountOre) : total),
        ledger.sums.of(`${key}|${decision}`),
      );
    const [received, recognised, repaid] = [
      -sum(['received', 'both'], 'received'),
      -sum(['recognised', 'both'], 'recognised'),
      sum(['repaid'], 'repaid'),
    ];
    const moves = (effects: readonly Effect[]) => own.some(({ effect }) => effects.includes(effect));
    if (moves(['received', 'both']) && received > BigInt(awardedOre))
      warnings.push({ warning: 'warning-received-above-award', facts: { decision, receivedOre: String(received), awardedOre } });
    if (moves(['recognised', 'both']) && recognised > BigInt(awardedOre))
      warnings.push({ warning: 'warning-recognised-above-award', facts: { decision, recognisedOre: String(recognised), awardedOre } });
    if (moves(['repaid']) && repaid > received)
      warnings.push({
        warning: 'warning-repaid-above-received',
        facts: { decision, repaidOre: String(repaid), receivedOre: String(received) },
      });
    if (moves(['received', 'both']) && yearOf(own[0]!.period) !== grantYear)
      warnings.push({ warning: 'warning-other-grant-year', facts: { decision, grantYear, period: own[0]!.period } });
    if (moves(['cost']) && ((from && costDay < from) || (to && costDay > to)))
      warnings.push({ warning: 'warning-outside-restriction', facts: { decision, day: costDay, from: from ?? '', to: to ?? '' } });
  }
  for (const grant of grants)
    if (!ledger.decisionsOf(grant).length) warnings.push({ warning: 'warning-grant-without-decision', facts: { grant } });
  return warnings.length ? warnings : undefined;
}
