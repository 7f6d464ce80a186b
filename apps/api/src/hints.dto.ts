/** What is sent in as a rule of hints: everything that the criterion names must hold for a line. */
import type { HintCriterion } from '#ledger';
import { Part, Rows, Text, Texts } from './fields.js';
import { CodeRangeDto } from './profiles.dto.js';

const MOST = 1_000;
const optional = { optional: true } as const;

export class ObjectDto {
  @Text('A dimension of SIE, or a column’s heading.', '1') dimension!: string;
  @Text('The code there, in the file’s own coding.', '61400') object!: string;
}

export class CriterionDto {
  @Rows('The account lies in one of these.', () => CodeRangeDto, MOST, optional) accounts?: CodeRangeDto[];
  @Texts('The unit is one of these.', ['614'], MOST, optional) units?: string[];
  @Text('The voucher’s or the line’s text holds this, in any case of letters.', 'kurs', optional) text?: string;
  @Text('The other party’s name holds this, in any case of letters.', 'kursgården', optional) counterparty?: string;
  @Text('The counterpart code (motpart).', '811', optional) counterpart?: string;
  @Rows('The line has all these codes in the file’s own coding.', () => ObjectDto, MOST, optional) objects?: ObjectDto[];
}

export class HintRuleDto {
  @Text('The rule’s name; an existing one is set anew.', 'kurser') rule!: string;
  @Text('The grant that it speaks for.', '9916') grant!: string;
  @Part('What a line must be like.', () => CriterionDto) criterion!: CriterionDto;
}

/** The criterion as the law takes it: plain, without what is left out. */
export function criterionOf({ objects, ...criterion }: CriterionDto): HintCriterion {
  const pairs = objects?.map(({ dimension, object }) => [dimension, object] as const);
  return JSON.parse(JSON.stringify({ ...criterion, objects: pairs })) as HintCriterion;
}
