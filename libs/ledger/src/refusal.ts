/**
 * Every way the ledger says no, and every warning and finding it gives, in one catalogue. A refusal names the state it met
 * and what the user can do about it, in Swedish and English; the doors turn it into problem+json or an exit code and never
 * invent one of their own. Amounts in facts are öre in fields that end in `Ore`.
 */
import { countText, swedishKronor } from './money.js';
import { catalogue } from './catalogue.js';
import { reasonIn } from './reasons.js';

export type Language = 'sv' | 'en';
export type RefusalName = keyof typeof catalogue;
export type Facts = { readonly [fact: string]: string | number | null };

/** A decision that ended in no. `facts` fill the sentence; `message` is the Swedish one. */
export class Refusal extends Error {
  constructor(
    readonly refusal: RefusalName,
    readonly facts: Facts,
  ) {
    super(sentence(refusal, facts, 'sv'));
    this.name = 'Refusal';
  }

  in(language: Language): string {
    return sentence(this.refusal, this.facts, language);
  }
}

/** Ends a decision with a refusal. */
export function refuse(refusal: RefusalName, facts: Facts): never {
  throw new Refusal(refusal, facts);
}

/**
 * The catalogue's sentence, its `{places}` filled; a place that ends in Ore is written in kronor, and a reason's code in words.
 * `{rows|rad|rader}` is a count with its word, `{from..to}` a range that may be a single one, and `[ rad {row}]` is left out where there is none.
 */
export function sentence(name: RefusalName, facts: Facts, language: Language): string {
  const said = catalogue[name][language].replace(OPTIONAL, (_, part: string, place: string) => (facts[place] ? part : ''));
  return said.replace(PLACE, (_, place: string, to?: string, one?: string, more?: string) => {
    const fact = facts[place];
    if (one !== undefined) return countText(Number(fact), one, more!);
    if (to !== undefined) return fact === facts[to] ? String(fact) : `${fact}–${facts[to]}`;
    if (fact === null || fact === undefined || fact === '') return '–';
    if (place === 'reason') return reasonIn(String(fact), language);
    return place.endsWith('Ore') && /^-?\d+$/.test(String(fact)) ? swedishKronor(BigInt(fact)) : String(fact);
  });
}

const OPTIONAL = /\[([^[\]]*\{(\w+)\}[^[\]]*)\]/g;
const PLACE = /\{(\w+)(?:\.\.(\w+))?(?:\|([^|}]*)\|([^}]*))?\}/g;

/** Whether a text is a name in the catalogue. */
export const isRefusalName = (name: string): name is RefusalName => Object.hasOwn(catalogue, name);

/** Every name in the catalogue. */
export const refusalNames = (): RefusalName[] => Object.keys(catalogue) as RefusalName[];
