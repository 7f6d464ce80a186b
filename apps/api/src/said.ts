/** Findings as they are answered: with their sentence in the reader's language. Used by the doors of imports and findings. */
import { isRefusalName, sentence, type Finding, type Language } from '#ledger';
import { ApiProperty } from '@nestjs/swagger';
import { wire } from './wire.js';

/** The shape of a finding, for the OpenAPI document. */
export class FindingAnswer {
  @ApiProperty({ example: 17, description: 'The file’s row.' }) row!: number;
  @ApiProperty({ example: 'finding-number-gap' }) finding!: string;
  @ApiProperty({ description: 'The sentence, in the language asked for.' }) text!: string;
  @ApiProperty({ type: Object }) facts!: object;
}

/** A finding with its sentence. */
export const said =
  (language: Language) =>
  <F extends Pick<Finding, 'finding' | 'facts'>>({ facts, ...finding }: F) => ({
    ...finding,
    text: isRefusalName(finding.finding) ? sentence(finding.finding, facts, language) : finding.finding,
    facts: wire(facts),
  });
