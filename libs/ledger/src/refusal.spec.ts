/**
 * The catalogue of every no, warning and finding: each is provoked by a spec, or stands here with the place that raises it.
 * A new name without a test, or a name that nobody raises, fails.
 */
import { describe, expect, it } from '@jest/globals';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { catalogue } from './catalogue.js';
import { kronor } from './money.js';
import { isRefusalName, Refusal, refusalNames, sentence, type RefusalName } from './refusal.js';

/** Raised outside the law, by place; the specs of that place provoke them. */
const elsewhere: Record<string, readonly RefusalName[]> = {
  'libs/eventstore/src': [
    'ledger-missing',
    'ledger-busy',
    'event-newer',
    'event-altered',
    'store-unavailable',
    'result-unknown',
    'key-used-otherwise',
    'too-many-writers',
    'event-too-large',
  ],
  'libs/imports/src': [
    'file-refused',
    'import-stopped',
    'import-elsewhere',
    'file-empty',
    'file-not-text',
    'file-column-missing',
    'file-column-unknown',
    'file-column-twice',
    'file-row-fields',
    'file-quote-open',
    'file-quote-malformed',
    'file-row-too-long',
    'file-other-year',
    'file-other-years',
    'file-year-absent',
    'file-fiscal-year-taken',
    'file-vouchers-in-other-book',
    'finding-other-year',
    'file-field-missing',
    'file-voucher-split',
    'file-voucher-differs',
    'file-voucher-unbalanced',
    'finding-without-counterparty',
    'finding-number-gap',
    'finding-voucher-repeated',
    'finding-without-counterparty-in-all',
    'finding-voucher-repeated-in-all',
    'finding-number-gap-in-all',
    'cell-amount-malformed',
    'cell-amount-decimals',
    'cell-amount-too-large',
    'cell-amount-twice',
    'cell-date-malformed',
    'cell-account-malformed',
    'cell-number-malformed',
    'cell-error',
    'cell-formula-without-value',
    'cell-merged',
    'table-heading-missing',
    'table-months-differ',
    'table-heading-row-missing',
    'table-profile-without-columns',
    'file-encoding-mixed',
    'file-wide-characters',
    'workbook-too-large',
    'workbook-protected',
    'workbook-unreadable',
    'sheet-missing',
    'finding-row-without-line',
    'finding-rows-hidden',
    'start-refused',
    'start-asks-consent',
    'start-empty',
    'start-sheet-unknown',
    'start-name-missing',
    'start-row-twice',
    'start-differs',
    'start-year-not-before',
    'start-carried-in-accounts',
    'finding-carried-in-moved',
    'finding-carried-in-not-tied',
    'finding-carried-in-not-compared',
    'file-asks-consent',
    'file-voucher-changed',
    'file-voucher-changed-unnumbered',
    'voucher-not-asked-about',
    'finding-voucher-like',
    'finding-voucher-there',
    'file-voucher-moved',
    'file-objects-too-long',
    'file-rows-not-separable',
    'line-without-unit',
    'profile-not-valid',
    'selection-too-large',
    'sie-without-vouchers',
    'file-not-by-profile',
    'finding-more',
    'finding-grant-unknown',
    'finding-two-grants',
    'finding-unit-unknown',
    'finding-decision-unknown',
    'finding-voucher-gone',
    'finding-voucher-alike',
    'finding-not-tied',
    'finding-balances-not-compared',
  ],
  'libs/sie/src': [
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
    'sie-code-not-writable',
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
  ],
  'libs/projections/src': ['projection-behind', 'period-outside-year'],
  'libs/reports/src': ['export-dimension-taken', 'export-series-taken', 'export-selection'],
  'libs/cqrs/src': [
    'ledger-held',
    'seq-ahead',
    'folder-not-demo',
    'folder-unusable',
    'ledger-on-server',
    'ledger-in-file',
    'ledger-other-stream',
    'store-address-malformed',
    'originals-of-another-ledger',
    'originals-missing',
    'copy-place-taken',
    'copy-overtaken',
    'copy-import-open',
    'copy-differs',
  ],
  'apps/api/src': [
    'period-range-malformed',
    'input-malformed',
    'body-too-large',
    'json-malformed',
    'field-twice',
    'charset-unsupported',
    'field-unknown',
    'field-missing',
    'field-not-text',
    'field-not-number',
    'field-out-of-range',
    'field-not-boolean',
    'field-not-list',
    'field-list-too-long',
    'field-not-object',
    'trial-unknown',
    'route-unknown',
    'media-type-unsupported',
    'request-foreign',
    'key-malformed',
    'address-not-loopback',
    'internal-error',
    'not-ready',
    'not-found',
  ],
};

const root = join(import.meta.dirname, '../../../..');
const textOf = (pattern: string, exclude = /$^/) =>
  globSync(pattern, { cwd: root })
    .filter((file) => !exclude.test(file))
    .map((file) => readFileSync(join(root, file), 'utf8'))
    .join('\n');
const law = textOf('libs/ledger/src/**/*.ts', /\.spec\.ts$|given\.ts$|(?:catalogue|reasons)\.ts$/);
const specs = textOf('libs/ledger/src/**/*.spec.ts');
const raisedHere = refusalNames().filter((name) => law.includes(`'${name}'`));
const provoked = new Set(
  [...specs.matchAll(/(?:thenRefused|thenWarns|thenFinds|refuses)\(((?:[^()]|\((?:[^()]|\([^()]*\))*\))*)\)/g)].flatMap(([, said]) =>
    [...said!.matchAll(/'([a-z][a-z-]+)'/g)].map(([, name]) => name!),
  ),
);

describe('the catalogue', () => {
  it.each(raisedHere)('%s is provoked by a spec of the law', (name) => expect([...provoked]).toContain(name));
  it('names, for everything else in it, who raises it', () =>
    expect(Object.values(elsewhere).flat().concat(raisedHere).sort()).toEqual(refusalNames().sort()));
  it('names no place that does not raise it', () => {
    const wrong = Object.entries(elsewhere).flatMap(([place, names]) => {
      const source = existsSync(join(root, place)) ? textOf(`${place}/**/*.ts`, /\.spec\.ts$/) : names.map((name) => `'${name}'`).join();
      return names.filter((name) => !source.includes(`'${name}'`)).map((name) => `${place}: ${name}`);
    });
    expect(wrong).toEqual([]);
  });
  it.each(refusalNames())('%s is a sentence in both languages, with the same facts', (name) => {
    const places = (text: string) => [...text.matchAll(/\{([\w.]+)(?:\|[^{}|]*\|[^{}|]*)?\}/g)].map(([, place]) => place).sort();
    for (const text of [catalogue[name].sv, catalogue[name].en]) expect(text.match(/\{/g)?.length ?? 0).toBe(places(text).length);
    const { sv, en } = catalogue[name];
    expect(name).toMatch(/^[a-z]+(-[a-z]+)*$/);
    expect(new Set(places(sv))).toEqual(new Set(places(en)));
    for (const text of [sv, en]) expect(text).toMatch(/^["#{\p{Lu}].*[.})?]$/su);
  });
});

describe('a refusal', () => {
  it('says what it met in Swedish, and in English for who wants it', () => {
    const refusal = new Refusal('recodes-more-than-stands', { grant: '9916', leftOre: -123_456 });
    expect(refusal.message).toBe('På 9916 står \u22121\u00a0234,56 kr kvar av raden. Koda om högst det, med samma tecken.');
    expect(refusal.in('en')).toContain('of the line stand on 9916');
  });
  it('writes amounts of any size in kronor, and what is no amount as it is', () => {
    const of = (leftOre: string | number | null) => sentence('recodes-more-than-stands', { grant: 'x', leftOre }, 'en').split(' ')[0];
    expect([of('9007199254740993'), of(0.5), of(null)]).toEqual(['90\u00a0071\u00a0992\u00a0547\u00a0409,93', '0.5', '–']);
    expect(kronor(9007199254740993n)).toBe('90071992547409.93');
  });
  it('counts one as one, and a range of one number as that number', () => {
    const of = (rows: number, language: 'sv' | 'en') => sentence('finding-decision-unknown', { decision: 'B', rows }, language);
    expect([of(1, 'sv'), of(2, 'sv'), of(1, 'en')].map((text) => text.split('; ')[1])).toEqual([
      '1 rad har inget beslut.',
      '2 rader har inget beslut.',
      '1 row has no decision.',
    ]);
    const gap = (from: number, to: number) => sentence('finding-number-gap', { series: 'A', from, to }, 'sv');
    expect([gap(103, 103), gap(103, 105)]).toEqual(['I serie A saknas 103.', 'I serie A saknas 103–105.']);
  });
  it('takes what a user wrote as it is, also where it looks like a place to fill', () =>
    expect(new Refusal('unit-unknown', { unit: '{unit} $& $1' }).message).toContain('{unit} $& $1'));
  it('knows its own names only', () =>
    expect(['period-closed', 'constructor', 'toString', ''].map(isRefusalName)).toEqual([true, false, false, false]));

  it('says why a store failed in words, and keeps the code for programs', () => {
    const refusal = new Refusal('store-unavailable', { reason: 'disk-full' });
    expect(refusal.message).toContain('disken är full');
    expect(refusal.in('en')).toContain('the disk is full');
    expect(refusal.facts).toEqual({ reason: 'disk-full' });
  });
});
