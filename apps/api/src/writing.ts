/**
 * What all writes have in common: the key, the dry run, and the acknowledgement as JSON. A controller turns its DTO into a
 * command and hands it to the clerk.
 */
import { createParamDecorator, Inject, Injectable, type ExecutionContext } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Desk, type Acknowledgement } from '#cqrs';
import { isRefusalName, KEY_CHARACTERS, kronor, refuse, sentence, type Command, type Language } from '#ledger';
import { languageOf } from './language.js';
import { wire } from './wire.js';

/** How a write was asked for. */
export interface Asking {
  readonly key: string | undefined;
  readonly dryRun: boolean;
  readonly language: Language;
  readonly reply: FastifyReply;
}

const PRINTABLE = /^[\x21-\x7e]+$/;

/** The key and the dry run of a request · refuses `key-malformed`, `field-not-boolean`, `field-unknown` (a misspelt dryRun must not store). */
export function askingOf(request: FastifyRequest, reply: FastifyReply, others: readonly string[] = []): Asking {
  const query = request.query as { readonly [name: string]: string | undefined };
  for (const field of Object.keys(query)) if (field !== 'dryRun' && !others.includes(field)) refuse('field-unknown', { field });
  const { dryRun } = query;
  if (dryRun !== undefined && dryRun !== 'true' && dryRun !== 'false') refuse('field-not-boolean', { field: 'dryRun' });
  const key = request.headers['idempotency-key'];
  if (key !== undefined && (typeof key !== 'string' || key.length > KEY_CHARACTERS || !PRINTABLE.test(key)))
    refuse('key-malformed', { most: KEY_CHARACTERS });
  return { key: key as string | undefined, dryRun: dryRun === 'true', language: languageOf(request.headers['accept-language']), reply };
}

/** The request's key, dry run and language. */
export const Asks = createParamDecorator((_: unknown, context: ExecutionContext): Asking => {
  const http = context.switchToHttp();
  return askingOf(http.getRequest<FastifyRequest>(), http.getResponse<FastifyReply>());
});

@Injectable()
export class Clerk {
  constructor(@Inject(Desk) private readonly desk: Desk) {}

  /** Decides and stores; answers 201, or 200 where nothing new was stored. */
  async act(command: Command, { key, dryRun, language, reply }: Asking): Promise<AcknowledgementJson> {
    const acknowledgement = await this.desk.act(command, { key, dryRun });
    if (acknowledgement.dryRun || acknowledgement.repeated) void reply.status(200);
    return acknowledgementJson(acknowledgement, language);
  }
}

/** An acknowledgement as it is answered: kronor as text, warnings with their sentence. */
export const acknowledgementJson = ({ warnings, effects, ...rest }: Acknowledgement, language: Language) => ({
  ...rest,
  warnings: warnings.map(({ warning, facts }) => ({
    warning,
    text: isRefusalName(warning) ? sentence(warning, facts, language) : warning,
    facts: wire(facts),
  })),
  effects: effects.map(({ grant, unit, effect, amountOre }) => ({ grant, unit, effect, amount: kronor(amountOre) })),
});

class EventAnswer {
  @ApiProperty({ example: 412 }) seq!: number;
  @ApiProperty({ example: '3f0a…' }) id!: string;
  @ApiProperty({ example: 'CostPosted' }) type!: string;
}
class WarningAnswer {
  @ApiProperty({ example: 'warning-received-above-award' }) warning!: string;
  @ApiProperty({ description: 'The sentence, in the language asked for.' }) text!: string;
  @ApiProperty({ type: Object }) facts!: object;
}
export class EffectAnswer {
  @ApiProperty({ type: String, nullable: true, example: '9916' }) grant!: string | null;
  @ApiProperty({ example: '614' }) unit!: string;
  @ApiProperty({ example: 'cost', enum: ['received', 'recognised', 'both', 'cost', 'reallocated', 'repaid'] }) effect!: string;
  @ApiProperty({ example: '1000.00', description: 'Kronor, debit +, credit −.' }) amount!: string;
}
/** The shape of an acknowledgement, for the OpenAPI document. */
export class AcknowledgementAnswer {
  @ApiProperty({ example: 412, description: 'The last event: pass it as minSeq to read what was written.' }) seq!: number;
  @ApiProperty({ description: 'The idempotency key, given or made.', example: 'a5b1…' }) key!: string;
  @ApiProperty({ description: 'Nothing was stored; seq is the event it was tried on.' }) dryRun!: boolean;
  @ApiProperty({ description: 'The same key had been acknowledged before, or it is so already (no events): nothing was stored.' })
  repeated!: boolean;
  @ApiProperty({ type: [EventAnswer] }) events!: EventAnswer[];
  @ApiProperty({ type: [String], example: ['own-2023-17'] }) vouchers!: string[];
  @ApiProperty({ type: [WarningAnswer] }) warnings!: WarningAnswer[];
  @ApiProperty({ type: [EffectAnswer], description: 'What was (or would be) posted, per grant, unit and effect.' })
  effects!: EffectAnswer[];
}

export type AcknowledgementJson = ReturnType<typeof acknowledgementJson>;
