/**
 * Whether two ledgers' read models give the same answers: every question, for every year and every unit, page by page, compared as JSON.
 * Called by ledger-copy.ts after a ledger was copied, and by specs.
 */
import type { Answers } from '#projections';
import { ROWS_LISTED } from '#ledger';

/** What is asked, in words, and both answers. */
type Compared = readonly [question: string, ours: unknown, theirs: unknown];

/** @returns the first question that is answered differently, null where there is none, and how many were compared */
export function differingAnswer(
  ours: Answers,
  theirs: Answers,
  progress: (done: number, of: number) => void = () => {},
): { readonly question: string | null; readonly compared: number } {
  const { years } = ours.ledger();
  const scopes = ours.unitRegister().rows.map(({ unit }) => unit);
  const of = 11 + years.length * (3 + 4 * scopes.length);
  let compared = 0;
  for (const [question, one, other] of questions(ours, theirs, years, scopes)) {
    if (json(one) !== json(other)) return { question, compared };
    compared += 1;
    progress(compared, Math.max(of, compared));
  }
  return { question: null, compared };
}

function* questions(ours: Answers, theirs: Answers, years: readonly number[], scopes: readonly string[]): Generator<Compared> {
  for (const name of [
    'ledger',
    'grants',
    'decisions',
    'unitRegister',
    'periodRegister',
    'imports',
    'profiles',
    'hintRules',
    'persons',
    'completeness',
  ] as const)
    yield [name, ours[name](), theirs[name]()];
  yield ['findings', ours.findings({ all: true, limit: ROWS_LISTED }), theirs.findings({ all: true, limit: ROWS_LISTED })];
  for (const year of years) {
    yield [`unallotted ${year}`, ours.unallotted({ year }), theirs.unallotted({ year })];
    for (const name of ['net', 'units', 'periods', 'neutrality'] as const)
      for (const scope of scopes) yield [`${name} ${scope} ${year}`, ours[name]({ scope, year }), theirs[name]({ scope, year })];
    for (const name of ['ledgerLines', 'withoutGrantCode'] as const)
      yield* pages(`${name} ${year}`, (after) => {
        const asked = { year, limit: ROWS_LISTED, ...(after === undefined ? {} : { after }) };
        return [ours[name](asked), theirs[name](asked)];
      });
  }
  for (let from: { readonly seq: number; readonly index: number } | null = { seq: 0, index: 0 }; from !== null;) {
    const asked: { fromSeq: number; fromIndex: number; limit: number } = { fromSeq: from.seq, fromIndex: from.index, limit: ROWS_LISTED };
    const [one, other] = [ours.journal(asked), theirs.journal(asked)];
    yield [`journal from ${asked.fromSeq}`, one, other];
    from = one.next;
  }
}

type Page = { readonly next: string | null };

/** Both turn the page at the same place; the place itself is a read model's own affair and not compared. */
function* pages(question: string, ask: (after: string | undefined) => readonly [Page, Page]): Generator<Compared> {
  for (let after: string | undefined; ;) {
    const [one, other] = ask(after);
    yield [question, { ...one, next: one.next !== null }, { ...other, next: other.next !== null }];
    if (one.next === null) return;
    after = one.next;
  }
}

const json = (answer: unknown): string =>
  JSON.stringify(answer, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value));
