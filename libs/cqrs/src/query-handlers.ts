/**
 * Every question of the answers as a query class, and one generic handler for each. A query may name the event that its
 * answer must have taken in (`minSeq`): then it waits, so that whoever wrote reads what was written.
 */
import { Inject, type Type } from '@nestjs/common';
import { type IQuery, type IQueryHandler, QueryHandler } from '@nestjs/cqrs';
import type { Answers } from '#projections';

/** The questions, by the names that the answers have. */
export const QUESTIONS = [
  'ledger',
  'net',
  'units',
  'periods',
  'neutrality',
  'ledgerLines',
  'withoutGrantCode',
  'journal',
  'completeness',
  'voucher',
  'unallotted',
  'grants',
  'decisions',
  'unitRegister',
  'periodRegister',
  'imports',
  'findings',
  'profiles',
  'hintRules',
  'ties',
  'persons',
] as const satisfies readonly (keyof Answers)[];
/** Those that are answered from lines, which may follow behind the figures. */
const OF_LINES: ReadonlySet<QuestionName> = new Set(['ledgerLines', 'withoutGrantCode', 'journal', 'completeness', 'voucher', 'ties']);
export type QuestionName = (typeof QUESTIONS)[number];
export type AskedOf<Q extends QuestionName> = Parameters<Answers[Q]>;
export type AnswerOf<Q extends QuestionName> = ReturnType<Answers[Q]>;

export const READING = Symbol('Reading');
/** The answers, and the wait for a position. */
export interface Reading {
  readonly answers: Answers;
  /** Resolves when the figures (or the lines too) have taken in that event · refuses `seq-ahead`, `projection-behind`. */
  reach(minSeq: number | undefined, group: 'figures' | 'lines'): Promise<void>;
}

export class Query<Q extends QuestionName> implements IQuery {
  constructor(
    readonly asked: AskedOf<Q>,
    readonly minSeq?: number,
  ) {}
}

/** A query class for each question. */
export const queries = Object.fromEntries(QUESTIONS.map((name) => [name, queryClass(name)])) as {
  readonly [Q in QuestionName]: new (asked: AskedOf<Q>, minSeq?: number) => Query<Q>;
};

/** A handler class for each question. */
export function queryHandlers(): Type<IQueryHandler>[] {
  return QUESTIONS.map((name) => {
    @QueryHandler(queries[name])
    class Handler {
      constructor(@Inject(READING) private readonly reading: Reading) {}
      async execute({ asked, minSeq }: Query<QuestionName>): Promise<AnswerOf<QuestionName>> {
        await this.reading.reach(minSeq, OF_LINES.has(name) ? 'lines' : 'figures');
        const { answers } = this.reading;
        if (name === 'withoutGrantCode') while (answers.takeLines()) await new Promise(setImmediate); // so that nobody waits for it to be ready
        if (name === 'completeness') return inSlices(answers.countCompleteness());
        return (answers[name] as (...asked: readonly unknown[]) => AnswerOf<QuestionName>).apply(answers, [...asked]);
      }
    }
    Object.defineProperty(Handler, 'name', { value: `${name}Handler` });
    return Handler;
  });
}

/** What a generator comes to, with everybody else's turn between its steps. */
async function inSlices<T>(steps: Generator<void, T>): Promise<T> {
  for (let step = steps.next(); ; step = steps.next()) {
    if (step.done) return step.value;
    await new Promise(setImmediate);
  }
}

function queryClass(name: QuestionName) {
  const asking = class extends Query<QuestionName> {};
  Object.defineProperty(asking, 'name', { value: `${name}Query` });
  return asking;
}
