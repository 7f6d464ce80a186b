/**
 * What the reader has to say about a line of a SIE file. Sentences are in the ledger's catalogue; here is which of them refuse
 * the file and which are stored with an accepted one. Never thrown: a file is read to its end and everything is said at once.
 */
import { sentence, type Facts, type Language, type RefusalName } from '#ledger';

/** Refuse the file. */
const ERRORS = [
  'sie-html',
  'sie-xml',
  'sie-not-sie',
  'sie-wide-characters',
  'sie-line-too-long',
  'sie-line-unreadable',
  'sie-type-unknown',
  'sie-currency-foreign',
  'sie-field-missing',
  'sie-account-malformed',
  'sie-date-malformed',
  'sie-period-malformed',
  'sie-year-malformed',
  'sie-objects-malformed',
  'sie-text-too-long',
  'sie-dimension-circular',
  'sie-brace-unexpected',
  'sie-voucher-open',
  'sie-line-outside-voucher',
  'sie-voucher-unbalanced',
  'sie-ksumma-open',
  'sie-ksumma-wrong',
  'amount-malformed',
  'amount-too-many-decimals',
  'amount-too-large',
] as const satisfies readonly RefusalName[];
/** Stay with an accepted file until somebody settles them. */
const WARNINGS = [
  'sie-encoding-tag',
  'sie-encoding-mixed',
  'sie-text-damaged',
  'sie-control-character',
  'sie-quote-open',
  'sie-quote-misplaced',
  'sie-flag-set',
  'sie-type-contradicted',
  'sie-year-empty',
  'sie-year-broken',
  'sie-date-outside-year',
  'sie-date-other-year',
  'sie-registered-malformed',
  'sie-quantity-malformed',
  'sie-account-undeclared',
  'sie-dimension-undeclared',
  'sie-parent-object-missing',
  'sie-budget-unreadable',
  'sie-brace-missing',
  'sie-added-line-alone',
  'sie-added-line-apart',
  'sie-added-line-differs',
  'sie-voucher-empty',
  'sie-number-missing',
  'sie-ksumma-unpaired',
] as const satisfies readonly RefusalName[];

export type ComplaintName = (typeof ERRORS)[number] | (typeof WARNINGS)[number];
export type Severity = 'error' | 'warning';
export type Complaint = {
  /** 1-based, as an editor counts. */
  readonly line: number;
  /** The line itself, shortened. */
  readonly text: string;
  readonly name: ComplaintName;
  /** An error refuses the file, a warning does not. */
  readonly severity: Severity;
  readonly facts: Facts;
};
/** Says something about the line that is being read. */
export type Complain = (name: ComplaintName, facts?: Facts) => void;

const SEVERITIES: ReadonlyMap<string, Severity> = new Map<string, Severity>([
  ...ERRORS.map((name) => [name, 'error'] as const),
  ...WARNINGS.map((name) => [name, 'warning'] as const),
]);

export const severityOf = (name: ComplaintName): Severity => SEVERITIES.get(name)!;
export const isComplaintName = (name: string): name is ComplaintName => SEVERITIES.has(name);
/** Every name, errors first. */
export const complaintNames: readonly ComplaintName[] = [...ERRORS, ...WARNINGS];

/** The complaint as a sentence, with its line: `Rad 17: …`. */
export const complaintText = ({ line, name, facts }: Complaint, language: Language): string =>
  `${language === 'sv' ? 'Rad' : 'Line'} ${line}: ${sentence(name, facts, language)}`;

/** What of a source line is shown with a complaint. */
export const SHOWN_CHARACTERS = 80;
export const shortened = (text: string): string => (text.length <= SHOWN_CHARACTERS ? text : `${text.slice(0, SHOWN_CHARACTERS - 1)}…`);
