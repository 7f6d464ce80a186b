/**
 * Lines, shares, classes and mandates as a person types them. Numbers as Swedes write them (`1 000,00`, `-1000`, `−1 000`)
 * or with a point; words in Swedish or English (`enhet=614` or `unit=614`).
 */
import { kronor, parseSwedishOre } from '#ledger';
import { WrongUsage } from './exit.js';
import type { Say } from './words.js';

const FIELDS: { readonly [word: string]: string } = {
  unit: 'unit',
  enhet: 'unit',
  grant: 'grant',
  bidrag: 'grant',
  decision: 'decision',
  beslut: 'decision',
  counterpart: 'counterpart',
  motpart: 'counterpart',
};

/** A voucher's line: account, amount, then fields. */
export function lineOf(text: string, say: Say): { [field: string]: string } {
  const [account = '', ...rest] = text.trim().split(/ +/);
  const first = rest.findIndex((word) => word.includes('='));
  const amount = (first < 0 ? rest : rest.slice(0, first)).join(' ');
  if (!account || !amount || first < 0)
    throw new WrongUsage(
      say(
        `Raden "${text}" ska vara: konto belopp enhet=… [bidrag=…] [beslut=…] [motpart=…]`,
        `The line "${text}" must be: account amount unit=… [grant=…] [decision=…] [counterpart=…]`,
      ),
    );
  const line: { [field: string]: string } = { account, amount: amountText(amount) };
  for (const word of rest.slice(first)) {
    const [name = '', value] = word.split(/=(.*)/);
    const field = FIELDS[name];
    if (!field || !value)
      throw new WrongUsage(
        say(
          `"${word}" i raden "${text}" är inget fält. Fälten är enhet, bidrag, beslut, motpart.`,
          `"${word}" in the line "${text}" is no field. The fields are unit, grant, decision, counterpart.`,
        ),
      );
    line[field] = value;
  }
  return line;
}

/** Where a recoded cost goes: `9916`, `9916 600,00`, `9916 33,33%`, `9916/9916-2023-1 600,00`, `- 600,00` (without grant code). */
export function shareOf(text: string): { [field: string]: string } {
  const [target = '', ...rest] = text.trim().split(/ +/);
  const [grant = '', decision] = target.split('/');
  const size = rest.join(' ');
  const share: { [field: string]: string } = { ...(grant === '-' ? {} : { grant }), ...(decision ? { decision } : {}) };
  if (size.endsWith('%')) share['perCent'] = amountText(size.slice(0, -1).trim());
  else if (size) share['amount'] = amountText(size);
  return share;
}

/** A class of accounts: `3500-3589 income [internal] [name …]`. */
export function classOf(text: string, say: Say): { [field: string]: string | boolean } {
  const parts = /^(\d+)-(\d+) +([a-z-]+)( +internal)?(?: +(.+))?$/.exec(text.trim());
  if (!parts)
    throw new WrongUsage(
      say(`Klassen "${text}" ska vara: från-till slag [internal] [namn]`, `The class "${text}" must be: from-to kind [internal] [name]`),
    );
  const [, from, to, kind, internal, name] = parts;
  return { from: from!, to: to!, kind: kind!, ...(internal ? { internal: true } : {}), ...(name ? { name } : {}) };
}

export type MandateOptions = { readonly board?: string; readonly assembly?: string; readonly delegate?: string };

/** `--board "RS/412/2023 § 87 2023-04-26"` or `--delegate "DEL-2023-096 2023-06-13 Ekonomichefen"`; none gives none. */
export function mandateOf({ board, assembly, delegate }: MandateOptions, say: Say): object | undefined {
  const given = board ?? assembly;
  if (given !== undefined) {
    const parts = /^(.+?) +(§.*?) +(\d{4}-\d{2}-\d{2})$/.exec(given.trim());
    if (!parts)
      throw new WrongUsage(
        say(`Beslutet "${given}" ska vara: diarienummer § paragraf datum`, `The mandate "${given}" must be: diarienummer § paragraph date`),
      );
    return { kind: board === undefined ? 'assembly' : 'board', diarienummer: parts[1], paragraph: parts[2], date: parts[3] };
  }
  if (delegate === undefined) return undefined;
  const parts = /^(\S+) +(\d{4}-\d{2}-\d{2}) +(.+)$/.exec(delegate.trim());
  if (!parts)
    throw new WrongUsage(
      say(`Delegationsbeslutet "${delegate}" ska vara: nummer datum vem`, `The delegate’s mandate "${delegate}" must be: number date who`),
    );
  return { kind: 'delegate', number: parts[1], date: parts[2], delegate: parts[3] };
}

/** An amount as a person writes it, as it goes over the wire · refuses `amount-malformed`. */
export const amountText = (text: string): string => kronor(parseSwedishOre(text));
