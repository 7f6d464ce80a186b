/** What every question may name: the event that its answer must have taken in. */
import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, Matches } from 'class-validator';

export class SinceQuery {
  @ApiPropertyOptional({
    type: 'integer',
    description: 'Waits (at most 5 s) until the answer has taken in this event: the seq of an acknowledgement.',
  })
  @IsOptional()
  @Matches(/^\d{1,15}$/)
  minSeq?: string;
}

/** The number of a checked text. */
export const since = ({ minSeq }: SinceQuery): number | undefined => (minSeq === undefined ? undefined : Number(minSeq));
