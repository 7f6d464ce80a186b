/** What may be asked of an export. */
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsOptional, IsString, Matches } from 'class-validator';
import { SinceQuery } from './since.js';

export class ExportQuery extends SinceQuery {
  @ApiProperty({
    type: 'integer',
    example: 2023,
    description:
      'Of SIE the fiscal year of that name (it begins in it) that the ERP’s books, or the one asked for, have; of the table of lines the calendar year.',
  })
  @Matches(/^\d{4}$/)
  year!: string;

  @ApiPropertyOptional({ description: 'First period; January where left out.', example: '2023-05' })
  @IsOptional()
  @IsString()
  from?: string;

  @ApiPropertyOptional({ description: 'Last period; the whole year with its closing periods where left out.', example: '2023-05' })
  @IsOptional()
  @IsString()
  through?: string;

  @ApiPropertyOptional({ description: 'One book only; all where left out. own: the vouchers posted here.', example: 'erp' })
  @IsOptional()
  @IsString()
  book?: string;
}

export class SieQuery extends ExportQuery {
  @ApiPropertyOptional({ description: 'The dimension that carries the grant code.', example: '20' })
  @IsOptional()
  @IsString()
  dimension?: string;

  @ApiPropertyOptional({ enum: ['true', 'false'], description: 'With #KSUMMA.' })
  @IsOptional()
  @IsIn(['true', 'false'])
  checksum?: 'true' | 'false';
}

/** What the profile that reads an export back depends on. */
export class ExportProfileQuery extends SinceQuery {
  @ApiProperty({ example: 'erp', description: 'The book that the vouchers are to go into.' })
  @IsString()
  book!: string;

  @ApiPropertyOptional({ description: 'The dimension that carries the grant code in the export.', example: '20' })
  @IsOptional()
  @IsString()
  dimension?: string;
}

export class SieKindQuery extends SieQuery {
  @ApiPropertyOptional({
    enum: ['4E', '4I'],
    description:
      '4E: the whole year with its balances (where left out). 4I: the vouchers of some periods; of the book own without numbers, for the ERP to book.',
  })
  @IsOptional()
  @IsIn(['4E', '4I'])
  kind?: '4E' | '4I';
}

export class LinesExportQuery extends ExportQuery {
  @ApiPropertyOptional({ description: 'A unit and everything below it; the whole region where left out.', example: 'RS' })
  @IsOptional()
  @IsString()
  scope?: string;

  @ApiPropertyOptional({ description: 'One grant only.', example: '9916' })
  @IsOptional()
  @IsString()
  grant?: string;
}
