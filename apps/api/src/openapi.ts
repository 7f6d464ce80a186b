/**
 * How a route is described, in one line: what it takes beside its body (key, dry run, language), what it answers and which
 * problems it may answer with. The document itself is made when somebody first asks for it.
 */
import { applyDecorators, type INestApplication } from '@nestjs/common';
import {
  ApiHeader,
  ApiOkResponse,
  ApiOperation,
  ApiProperty,
  ApiQuery,
  ApiResponse,
  DocumentBuilder,
  SwaggerModule,
} from '@nestjs/swagger';
import { AcknowledgementAnswer } from './writing.js';

class FaultAnswer {
  @ApiProperty({ example: 'lines.0.amount', required: false }) field?: string;
  @ApiProperty({ example: 17, required: false, description: 'The row of a refused file.' }) row?: number;
  @ApiProperty({ example: 'urn:liggaren:refusal:field-missing' }) type!: string;
  @ApiProperty() detail!: string;
}
class ProblemAnswer {
  @ApiProperty({ example: 'urn:liggaren:refusal:period-closed', description: 'The refusal’s name.' }) type!: string;
  @ApiProperty({ example: 'period closed' }) title!: string;
  @ApiProperty({ example: 409 }) status!: number;
  @ApiProperty({
    example: 'Period 2023-05 är stängd. Bokför i en öppen period eller öppna den igen.',
    description: 'In Swedish, or in English with Accept-Language: en.',
  })
  detail!: string;
  @ApiProperty({ type: Object, example: { period: '2023-05' } }) facts!: object;
  @ApiProperty({ type: [FaultAnswer], required: false, description: 'Every fault of a malformed input.' }) errors?: FaultAnswer[];
}

const problem = (status: number, description: string) =>
  ApiResponse({ status, description, content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/ProblemAnswer' } } } });
const language = ApiHeader({
  name: 'Accept-Language',
  required: false,
  description: 'sv (default) or en, for sentences.',
  schema: { type: 'string', enum: ['sv', 'en'] },
});

/** A route that writes. @param key what its Idempotency-Key does, where it is another thing than storing once · @param answer where it is no acknowledgement */
export const Writes = (
  summary: string,
  key = 'The same key stores once, however often it is sent; a random one where left out.',
  answer: new () => object = AcknowledgementAnswer,
) =>
  applyDecorators(
    ApiOperation({ summary }),
    ApiHeader({
      name: 'Idempotency-Key',
      required: false,
      description: key,
    }),
    language,
    ApiQuery({ name: 'dryRun', required: false, enum: ['true', 'false'], description: 'Answers with the effect and stores nothing.' }),
    ApiResponse({ status: 201, description: 'Stored and durable.', type: answer }),
    ApiResponse({ status: 200, description: 'A dry run, or a key that was acknowledged before.', type: answer }),
    problem(400, 'Malformed: a field, a date, an amount, JSON that cannot be read.'),
    problem(404, 'Something named does not exist.'),
    problem(409, 'A state is in the way: closed, already corrected, the key used otherwise.'),
    problem(413, 'Too large.'),
    problem(415, 'Not application/json.'),
    problem(422, 'A rule says no.'),
    problem(
      503,
      'Within 5 s: not stored (busy, the store cannot be written: store-unavailable), or nobody knows whether it was (result-unknown). ' +
        'Try again with the same key, after Retry-After: it is never stored twice. An import that had begun stays open (import-stopped): send the same file again.',
    ),
  );

/** A route that takes something in for a while, and stores nothing. */
export const Keeps = (summary: string, answer: new () => object) =>
  applyDecorators(
    ApiOperation({ summary }),
    language,
    ApiResponse({ status: 201, description: 'Kept for an hour, in this process; nothing is stored.', type: answer }),
    problem(400, 'Malformed.'),
    problem(404, 'Something named does not exist.'),
    problem(409, 'A state is in the way.'),
    problem(413, 'Too large.'),
    problem(415, 'Another media type.'),
    problem(422, 'A rule says no.'),
  );

/** A route that only reads. */
export const Reads = (summary: string) =>
  applyDecorators(
    ApiOperation({ summary }),
    language,
    ApiOkResponse({ description: 'The answer, with the seq at which it is true; amounts are kronor as text, income +, cost −.' }),
    problem(400, 'Malformed.'),
    problem(404, 'Something named does not exist.'),
    problem(503, 'The answers have not come to minSeq within 5 s.'),
  );

/** The document. */
export function openApiDocument(app: INestApplication, version: string) {
  const head = new DocumentBuilder()
    .setTitle('Liggaren')
    .setVersion(version)
    .setDescription(
      'The ledger of targeted state grants. Amounts are kronor as text. Every write answers with an acknowledgement, every no with problem+json. ' +
        'The server listens on 127.0.0.1 and acts for the user who started it.',
    )
    .build();
  return SwaggerModule.createDocument(app, head, { extraModels: [ProblemAnswer] });
}
