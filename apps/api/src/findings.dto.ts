/** What is asked of findings, and what settles them. */
import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsOptional, IsString, Matches } from 'class-validator';
import { Text, Texts } from './fields.js';
import { PageQuery } from './paged.js';

/** More than one answer lists at a time. */
const MOST = 10_000;

export class FindingsQuery extends PageQuery {
  @ApiPropertyOptional({ description: 'One import’s only.' })
  @IsOptional()
  @IsString()
  import?: string;

  @ApiPropertyOptional({ description: 'One kind only.', example: 'finding-number-gap' })
  @IsOptional()
  @IsString()
  kind?: string;

  @ApiPropertyOptional({
    enum: ['true', 'false'],
    description: 'Also those that are settled, with who settled them, when and why, or by which import the refused file came in.',
  })
  @IsOptional()
  @IsIn(['true', 'false'])
  all?: 'true' | 'false';

  @ApiPropertyOptional({ type: String, description: 'The next of the page before.', example: '412.3' })
  @IsOptional()
  @Matches(/^\d{1,15}\.\d{1,9}$/)
  declare after?: string;
}

export class SettlementDto {
  @Texts('The findings, each by its id; or import and kind instead.', ['412.1'], MOST, { optional: true }) findings?: string[];
  @Text('All open ones of this import …', 'i-77520f1e998f-8885f1fe', { optional: true }) import?: string;
  @Text('… that are of this kind.', 'finding-number-gap', { optional: true }) kind?: string;
  @Text('Why they need no more.', 'Numren är makulerade i ekonomisystemet') reason!: string;
}
