/**
 * Everything in a SIE file that is no voucher: who and when, the chart of accounts, dimensions and objects, balances. One case
 * a label; what is unclear here is said, and refuses the file only where it touches money. Used by reader.ts.
 */
import { isAccount, isPeriod, Refusal } from '#ledger';
import { isComplaintName, type Complain } from './complaint.js';
import type { Fields } from './fields.js';
import {
  STANDARD_DIMENSIONS,
  type BalanceLabel,
  type SieAccount,
  type SieBalance,
  type SieDimension,
  type SieHead,
  type SieNamedObject,
} from './records.js';

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** Labels that the standard has and that say nothing a grant ledger asks for. */
const PASSED_OVER: ReadonlySet<string> = new Set(['ADRESS', 'BKOD', 'FNR', 'FTYP', 'TAXAR']);
const OBJECTS: ReadonlySet<string> = new Set(['OIB', 'OUB', 'PSALDO', 'PBUDGET']);

export class Registers {
  readonly head: SieHead = {
    flag: '',
    program: '',
    programVersion: '',
    format: '',
    generated: '',
    generatedBy: '',
    name: '',
    organisationNumber: '',
    until: '',
    chart: '',
    currency: 'SEK',
    notes: [],
    years: [],
  };
  /** 1 to 4; a file that does not say is type 1. */
  type = '1';
  readonly accounts = new Map<string, SieAccount>();
  readonly dimensions = new Map<string, SieDimension>(STANDARD_DIMENSIONS);
  readonly declared = new Set<string>();
  readonly objects = new Map<string, SieNamedObject>();
  balances = 0;
  /** A year of budgets that cannot be read is one thing to say, and not hundreds. */
  #budgetSaid = false;

  constructor(
    private readonly complain: Complain,
    private readonly take: (balance: SieBalance) => void,
    private readonly line: () => number,
  ) {}

  /** Reads the record; false where the label is not known. */
  read(label: string, fields: Fields): boolean {
    const { head } = this;
    switch (label) {
      case 'FLAGGA':
        head.flag = fields.next() ?? '';
        if (head.flag !== '0' && head.flag !== '') this.complain('sie-flag-set');
        return true;
      case 'PROGRAM':
        head.program = fields.next() ?? '';
        head.programVersion = fields.next() ?? '';
        return true;
      case 'FORMAT':
        head.format = fields.next() ?? '';
        return true;
      case 'GEN':
        head.generated = fields.date() ?? '';
        head.generatedBy = fields.next() ?? '';
        return true;
      case 'SIETYP':
        return this.#type(fields.next() ?? '');
      case 'FNAMN':
        head.name = fields.name();
        return true;
      case 'ORGNR':
        head.organisationNumber = fields.next() ?? '';
        return true;
      case 'OMFATTN':
        head.until = fields.date() ?? '';
        return true;
      case 'KPTYP':
        head.chart = fields.next() ?? '';
        return true;
      case 'VALUTA':
        return this.#currency(fields.next() || 'SEK');
      case 'PROSA':
        head.notes.push(fields.name());
        return true;
      case 'RAR':
        return this.#year(fields);
      case 'KONTO':
      case 'KTYP':
      case 'SRU':
      case 'ENHET':
        return this.#account(label, fields);
      case 'DIM':
      case 'UNDERDIM':
        return this.#dimension(label, fields);
      case 'OBJEKT':
        return this.#object(fields);
      case 'IB':
      case 'UB':
      case 'OIB':
      case 'OUB':
      case 'RES':
      case 'PSALDO':
      case 'PBUDGET':
        return this.#balance(label, fields);
      default:
        return PASSED_OVER.has(label);
    }
  }

  #type(text: string): true {
    if (/^(?:[1-3]|4[EI]?)$/i.test(text)) this.type = text.slice(0, 1);
    else this.complain('sie-type-unknown', { type: text });
    return true;
  }

  #currency(currency: string): true {
    this.head.currency = currency;
    if (!/^(?:SEK|SKR|KR)$/i.test(currency)) this.complain('sie-currency-foreign', { currency });
    return true;
  }

  #year(fields: Fields): true {
    const index = this.#index('RAR', fields);
    const days = [fields.date(), fields.date()];
    const [from, to] = days;
    if (days.includes(null)) this.complain('sie-date-malformed', { label: 'RAR', date: fields.unread });
    else if (from === '' && to === '') this.complain('sie-year-empty', { index: index ?? '' });
    else if (days.includes('')) this.complain('sie-field-missing', { label: 'RAR', field: 'datum' });
    else if (index !== null) {
      const broken = from!.slice(4) !== '-01-01' || to!.slice(4) !== '-12-31' || from!.slice(0, 4) !== to!.slice(0, 4);
      this.head.years.push({ index, from: from!, to: to!, broken });
      if (broken && index === 0) this.complain('sie-year-broken', { from: from!, to: to! });
    }
    return true;
  }

  #account(label: string, fields: Fields): true {
    const number = fields.next() ?? '';
    if (number === '') {
      this.complain('sie-field-missing', { label, field: 'konto' });
      return true;
    }
    const account: Mutable<SieAccount> = { ...(this.accounts.get(number) ?? { number, name: '', type: '', sru: '', unit: '' }) };
    if (label === 'KONTO') {
      this.declared.add(number);
      account.name = fields.name();
    } else account[label === 'KTYP' ? 'type' : label === 'SRU' ? 'sru' : 'unit'] = fields.next() ?? '';
    this.accounts.set(number, account);
    return true;
  }

  #dimension(label: string, fields: Fields): true {
    const number = fields.next() ?? '';
    if (number === '') this.complain('sie-field-missing', { label, field: 'dimension' });
    const name = label === 'DIM' ? fields.name() : (fields.next() ?? '');
    const parent = label === 'DIM' ? (STANDARD_DIMENSIONS.get(number)?.parent ?? null) : fields.next() || null;
    for (let above = parent, depth = 0; above !== null; above = this.dimensions.get(above)?.parent ?? null, depth += 1)
      if (above === number || depth > 100) {
        this.complain('sie-dimension-circular', { dimension: number });
        return true;
      }
    this.dimensions.set(number, { number, name, parent });
    return true;
  }

  #object(fields: Fields): true {
    const [dim, object] = [fields.next() ?? '', fields.next() ?? ''];
    if (dim === '' || object === '') this.complain('sie-field-missing', { label: 'OBJEKT', field: 'objekt' });
    else this.objects.set(`${dim}\u001f${object}`, { dim, object, name: fields.name() });
    return true;
  }

  /** No voucher rests on a budget: one that cannot be read is left out. */
  #balance(label: BalanceLabel, fields: Fields): true {
    let unreadable = false;
    const complain: Complain = label === 'PBUDGET' ? () => (unreadable = true) : this.complain;
    const year = this.#index(label, fields, complain);
    const period = label === 'PSALDO' || label === 'PBUDGET' ? this.#period(label, fields, complain) : null;
    const account = fields.next() ?? '';
    if (account === '') complain('sie-field-missing', { label, field: 'konto' });
    else if (!isAccount(account)) complain('sie-account-malformed', { account });
    const objects = OBJECTS.has(label) ? fields.objects() : [];
    if (objects === null) complain('sie-objects-malformed', { label });
    const amountOre = objects === null ? null : amountOf(label, fields, complain);
    this.balances += 1;
    if (unreadable && !this.#budgetSaid) this.complain('sie-budget-unreadable');
    this.#budgetSaid ||= unreadable;
    if (unreadable || year === null || period === '' || amountOre === null || objects === null) return true;
    this.take({ line: this.line(), label, year, period, account, objects, amountOre, quantity: fields.next() ?? '' });
    return true;
  }

  #index(label: string, fields: Fields, complain = this.complain): number | null {
    const text = fields.next() ?? '';
    if (/^-?\d{1,2}$/.test(text)) return Number(text) || 0;
    complain('sie-year-malformed', { label, year: text });
    return null;
  }

  /** ÅÅÅÅMM; empty where it is none, which is said. */
  #period(label: string, fields: Fields, complain: Complain): string {
    const text = fields.next() ?? '';
    const period = `${text.slice(0, 4)}-${text.slice(4)}`;
    if (text.length === 6 && isPeriod(period)) return period;
    complain('sie-period-malformed', { label, period: text });
    return '';
  }
}

/** Öre of the next field; null where there is none or it is no amount, which is said. */
export function amountOf(label: string, fields: Fields, complain: Complain): number | null {
  try {
    const ore = fields.amount();
    if (ore === null) complain('sie-field-missing', { label, field: 'belopp' });
    return ore;
  } catch (error) {
    if (!(error instanceof Refusal) || !isComplaintName(error.refusal)) throw error;
    complain(error.refusal, error.facts);
    return null;
  }
}
