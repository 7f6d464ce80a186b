/**
 * What a profile says, as it is sent in and as an accountant edits it in a file: the shape is checked here down to the last field,
 * so that a misspelt one is refused by its path (`settings.unit.mappings.3.code`); what the parts may hold is the law's to say.
 */
import { ApiPropertyOptional, getSchemaPath } from '@nestjs/swagger';
import { ValidateBy } from 'class-validator';
import type { ProfileSettings } from '#ledger';
import { Choice, Day, Flag, Part, Rows, Text, Texts, Whole } from './fields.js';
import { AccountClassDto } from './register.dto.js';

/** Ranges and mappings in one list; the body's own limit comes first. */
const MOST_RANGES = 20_000;
const MOST_PARTS = 100;
const optional = { optional: true } as const;

export class CodeRangeDto {
  @Text('First code.', '6100') from!: string;
  @Text('Last code, as long as the first; one code where left out.', '6199', optional) to?: string;
}

export class CodeMappingDto extends CodeRangeDto {
  @Text('What the file’s codes are called here.', '614') code!: string;
}

export class PlaceDto {
  @Text('A dimension of SIE: 1 is the cost centre, 6 the project.', '6', optional) dimension?: string;
  @Text('A column of CSV or Excel, by its heading.', 'Objekt', optional) column?: string;
}

export class GrantPlaceDto extends PlaceDto {
  @Text('Only codes that look like this are grant codes.', '^99\\d{2}$', optional) pattern?: string;
  @Rows('What the file’s codes are called here.', () => CodeMappingDto, MOST_RANGES, optional) mappings?: CodeMappingDto[];
}

export class CodeReadingDto {
  @Rows('Where it stands; the first place that holds a code.', () => PlaceDto, MOST_PARTS) places!: PlaceDto[];
  @Rows(
    'What the file’s codes are called here; a code that no mapping names stands for itself.',
    () => CodeMappingDto,
    MOST_RANGES,
    optional,
  )
  mappings?: CodeMappingDto[];
  @Text('The code where no place holds one, or it is not registered.', 'REG', optional) otherwise?: string;
}

const PERIODS = ['voucher-date', 'line-date', 'registered'];

/** One of the dates, or a place. */
const PeriodSource = (): PropertyDecorator => (target, name) => {
  const isPlace = (value: unknown) =>
    typeof value === 'object' &&
    value !== null &&
    Object.entries(value).every(([field, text]) => (field === 'column' || field === 'dimension') && typeof text === 'string');
  ValidateBy({
    name: 'isIn',
    validator: {
      validate: (value: unknown) => PERIODS.includes(value as string) || isPlace(value),
      defaultMessage: () => `$property must be one of the following values: ${PERIODS.join(', ')}, {"column": …}, {"dimension": …}`,
    },
  })(target, name);
  ApiPropertyOptional({
    required: true,
    description: 'Where the accounting period comes from; a place holds YYYY-MM or YYYYMM.',
    oneOf: [{ type: 'string', enum: PERIODS }, { $ref: getSchemaPath(PlaceDto) }],
    example: 'voucher-date',
  })(target, name);
};

export class ClosingSeriesDto {
  @Text('The series, written as in the file.', 'BOK') series!: string;
  @Whole('The closing month, 13 to 16.', 13) month!: 13 | 14 | 15 | 16;
}

export class PeriodReadingDto {
  @PeriodSource() from!: 'voucher-date' | 'line-date' | 'registered' | PlaceDto;
  @Rows('Series whose vouchers belong to a closing period.', () => ClosingSeriesDto, MOST_PARTS, optional)
  closingSeries?: ClosingSeriesDto[];
}

export class DateRangeDto {
  @Day('The first day; from the beginning where left out.', '2023-01-01', optional) from?: string;
  @Day('The last day; to the end where left out.', '2023-12-31', optional) to?: string;
}

export class LineConditionDto {
  @Rows('Its account lies in one of these.', () => CodeRangeDto, MOST_RANGES, optional) accounts?: CodeRangeDto[];
  @Part('A place whose code lies in one of codes.', () => PlaceDto, optional) place?: PlaceDto;
  @Rows('The codes of place.', () => CodeRangeDto, MOST_RANGES, optional) codes?: CodeRangeDto[];
  @Texts(
    'Its voucher belongs to one of these series, written as in the file; an empty text is no series.',
    ['LEV', '#'],
    MOST_PARTS,
    optional,
  )
  series?: string[];
  @Part('Its voucher is dated on one of these days.', () => DateRangeDto, optional) dates?: DateRangeDto;
  @Flag('It has (or has not) a grant code by the profile’s places.', true, optional) grantCode?: boolean;
}

export class FilterDto {
  @Rows(
    'What is taken: a voucher with a line that meets one of these (of a selection the line itself); all where left out.',
    () => LineConditionDto,
    MOST_PARTS,
    optional,
  )
  keep?: LineConditionDto[];
  @Rows('What is left out all the same.', () => LineConditionDto, MOST_PARTS, optional) drop?: LineConditionDto[];
}

export class ColumnsDto {
  @Text('Heading of the voucher’s number.', 'Vernr') number!: string;
  @Text('Heading of the date.', 'Datum') date!: string;
  @Text('Heading of the account.', 'Konto') account!: string;
  @Text('Heading of the amount with its sign.', 'Belopp', optional) amount?: string;
  @Text('Heading of debit, together with credit, instead of amount.', 'Debet', optional) debit?: string;
  @Text('Heading of credit.', 'Kredit', optional) credit?: string;
  @Text('Heading of the series.', 'Serie', optional) series?: string;
  @Text('Heading of the voucher’s text.', 'Text', optional) text?: string;
  @Text('Heading of the line’s own text.', 'Radtext', optional) lineText?: string;
  @Text('Heading of the other party.', 'Leverantör', optional) counterparty?: string;
  @Text('Heading of the document.', 'Faktura', optional) document?: string;
  @Text('Heading of the registration date.', 'Registrerad', optional) registered?: string;
}

export class TableLayoutDto {
  @Choice('Recognised from the heading row where left out.', [';', ',', 'tab'], optional) separator?: ';' | ',' | 'tab';
  @Text('Sheet of an Excel file; the first where left out.', 'Huvudbok', optional) sheet?: string;
  @Whole('The row of the headings; 1 where left out.', 1, optional) headingRow?: number;
  @Choice('Decimal mark; a comma where left out.', [',', '.'], optional) decimal?: ',' | '.';
  @Flag('Amounts are written income +, cost −: turned once when read.', false, optional) creditPositive?: boolean;
  @Part('The columns, by their headings.', () => ColumnsDto) columns!: ColumnsDto;
}

export class ProfileSettingsDto {
  @Choice('Whole vouchers, or a selection of lines (urval) whose completeness control totals show.', ['whole-vouchers', 'selection'])
  kind!: ProfileSettings['kind'];
  @Text('The book its vouchers go into; the same in all versions.', 'erp') book!: string;
  @Rows('Where the grant code stands, in order of precedence.', () => GrantPlaceDto, MOST_PARTS) grant!: GrantPlaceDto[];
  @Part('Where the unit stands.', () => CodeReadingDto) unit!: CodeReadingDto;
  @Part('Where the decision stands.', () => CodeReadingDto, optional) decision?: CodeReadingDto;
  @Part('Where the counterpart code (motpart) stands.', () => CodeReadingDto, optional) counterpart?: CodeReadingDto;
  @Part('Where the period comes from; the voucher’s date where left out.', () => PeriodReadingDto, optional) period?: PeriodReadingDto;
  @Whole('The month in which the fiscal year begins, 1 to 12, for files that do not say it; 1 where left out.', 7, optional)
  firstMonth?: number;
  @Texts('Series whose numbers come again for other vouchers: each voucher is known by what it says.', ['#'], MOST_PARTS, optional)
  unnumbered?: string[];
  @Rows('What this system’s accounts are; the ledger’s own classes where left out.', () => AccountClassDto, 1_000, optional)
  accounts?: AccountClassDto[];
  @Part('What is taken from the file, before anything is stored.', () => FilterDto, optional) filter?: FilterDto;
  @Choice('Which original is kept: the file, or only what the filter chose, with the hash of the whole.', ['file', 'chosen-rows'], optional)
  keeps?: 'file' | 'chosen-rows';
  @Part('The layout of CSV and Excel; SIE needs none.', () => TableLayoutDto, optional) table?: TableLayoutDto;
}

export class ProfileDto {
  @Text('The profile’s name.', 'raindance-sie') profile!: string;
  @Day('From when it holds; a voucher is read by the version in force on its date.', '2023-01-01') validFrom!: string;
  @Part('What it says.', () => ProfileSettingsDto) settings!: ProfileSettingsDto;
}

export class TrialDto {
  @Part('What the profile to be tried says.', () => ProfileSettingsDto) settings!: ProfileSettingsDto;
}

/** The settings as the law takes them: plain, without what is left out. */
export const settingsOf = (settings: ProfileSettingsDto): ProfileSettings => JSON.parse(JSON.stringify(settings)) as ProfileSettings;
