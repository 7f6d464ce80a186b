/** Both languages of the CLI's own words: help, and what it prints around answers. Sentences of refusals come from the catalogue. */
import { Option, type Command } from 'commander';
import type { Effect, EventType, Language } from '#ledger';

/** A text in both languages. */
export type Words = { readonly sv: string; readonly en: string };
export type Say = (sv: string, en: string) => string;

/** Chooses the language's text. */
export const sayIn =
  (language: Language): Say =>
  (sv, en) =>
    language === 'en' ? en : sv;

/** The language of an invocation, known before the words of its help are chosen: --lang, $LIGGARE_LANG, else Swedish. */
export function languageIn(args: readonly string[], environment: NodeJS.ProcessEnv): Language {
  const at = args.findIndex((arg) => arg === '--lang' || arg.startsWith('--lang='));
  const given = at < 0 ? environment['LIGGARE_LANG'] : args[at]!.includes('=') ? args[at]!.slice(7) : args[at + 1];
  return given === 'en' ? 'en' : 'sv';
}

/** Commander's own complaints, in Swedish. */
export function complaint(text: string, language: Language): string {
  if (language === 'en') return text;
  const swedish: readonly (readonly [RegExp, string])[] = [
    [/^error: unknown option '(.*?)'/, "fel: okänt val '$1'"],
    [/^error: unknown command '(.*?)'/, "fel: okänt kommando '$1'"],
    [/^error: missing required argument '(.*?)'/, "fel: argumentet '$1' saknas"],
    [/^error: required option '(.*?)' not specified/, "fel: valet '$1' måste anges"],
    [/^error: option '(.*?)' argument missing/, "fel: valet '$1' saknar värde"],
    [/^error: option '(.*?)' argument '(.*?)' is invalid\. ?/, "fel: '$2' duger inte för '$1'. "],
    [/^error: too many arguments.*/, 'fel: för många argument'],
    [/\(Did you mean (.*?)\?\)/, '(Menade du $1?)'],
    [/Allowed choices are/, 'Välj bland'],
  ];
  return swedish.reduce((now, [pattern, words]) => now.replace(pattern, words), text);
}

const TITLES: { readonly [title: string]: string } = { Usage: 'Så här', Arguments: 'Argument', Options: 'Val', Commands: 'Verb' };
/** A title of Commander's help, with its colon. */
export const titleIn = (title: string, language: Language): string =>
  language === 'en' ? title : title.replace(/^\w+/, (word) => TITLES[word] ?? word);

const EFFECTS: { readonly [effect in Effect]: string } = {
  received: 'mottaget',
  recognised: 'intäktsfört',
  both: 'mottaget och intäktsfört',
  cost: 'kostnad',
  reallocated: 'omfördelat',
  repaid: 'återbetalt',
  none: 'ingen',
};
/** What a line does, in the user's language. */
export const effectIn = (effect: Effect, say: Say): string => say(EFFECTS[effect], effect);

const EVENTS: { readonly [type in EventType]: string } = {
  LedgerOpened: 'liggaren är öppnad',
  PersonAdded: 'person tillagd',
  GrantCodePatternSet: 'mönster för bidragskoder satt',
  AccountClassesSet: 'kontoklasser satta',
  UnitSet: 'enhet satt',
  UnitEnded: 'enhet avslutad',
  GrantRegistered: 'bidrag registrerat',
  GrantRenamed: 'bidrag omdöpt',
  GrantRetired: 'bidrag avslutat',
  DecisionRegistered: 'beslut registrerat',
  DecisionChanged: 'beslut ändrat',
  NeutralityExempted: 'undantag registrerat',
  ExemptionWithdrawn: 'undantag återtaget',
  FundsAllotted: 'medel tilldelade',
  UseReported: 'användning redovisad',
  ReceiptPosted: 'inbetalning',
  IncomeRecognised: 'intäktsföring',
  CostPosted: 'kostnad',
  RepaymentPosted: 'återbetalning',
  VoucherCorrected: 'rättelse',
  CostRecoded: 'omkontering',
  FundsReallocated: 'omfördelning',
  VouchersImported: 'verifikationer inlästa',
  PeriodClosed: 'period stängd',
  PeriodReopened: 'period öppnad igen',
  ImportOpened: 'import öppnad',
  FindingsRecorded: 'iakttagelser noterade',
  ImportClosed: 'import klar',
  ImportAbandoned: 'import avbruten',
  ImportRefused: 'import avvisad',
  ControlTotalsRecorded: 'kontrollsummor noterade',
  FindingsSettled: 'iakttagelser avklarade',
  StartConsented: 'medgivande till start noterat',
  ProfileSet: 'profil satt',
  ProfileEnded: 'profil avslutad',
  HintRuleSet: 'ledtrådsregel satt',
  HintRuleRemoved: 'ledtrådsregel borttagen',
};
/** What happened, in the user's language. */
export const eventIn = (type: string, say: Say): string => say(EVENTS[type as EventType] ?? type, type);

const STATUSES: { readonly [status: string]: string } = {
  open: 'öppen',
  closed: 'inläst',
  abandoned: 'avbruten',
  refused: 'avvisad',
  consented: 'medgiven',
};
/** What became of an import, in the user's language. */
export const statusIn = (status: string, say: Say): string => say(STATUSES[status] ?? status, status);

/** Examples under a verb's help. */
export function examples(verb: Command, say: Say, ...lines: readonly string[]): Command {
  return verb.addHelpText('after', `\n${say('Exempel', 'Examples')}:\n${lines.map((line) => `  $ ${line}`).join('\n')}`);
}

/** An option that must be given. */
export const needed = (flags: string, words: string): Option => new Option(flags, words).makeOptionMandatory();

/** Where in a workbook: the sheet, and the row and column where they are meant. */
export const cellText = (at: { readonly sheet: string; readonly row?: number; readonly column?: string }, say: Say): string =>
  `${at.sheet}${at.row ? ` ${say('rad', 'row')} ${at.row}` : ''}${at.column ? `, ${at.column}` : ''}`;
