/**
 * Where the doors hand in what they want: commands and questions go from here over Nest's buses. Knows who acts; until
 * sign-in exists that is the system's user who started the process.
 */
import { Inject, Injectable } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { userInfo } from 'node:os';
import type { Acknowledgement, Caller, CommandOptions } from '#eventstore';
import type { Command } from '#ledger';
import { ordered } from './command-handlers.js';
import { queries, type AnswerOf, type AskedOf, type QuestionName } from './query-handlers.js';

export const CALLER = Symbol('Caller');

/** The system's user, who acts for as long as nobody signs in. */
export function systemUser(): Caller {
  const { username } = userInfo();
  return { login: username, name: username, role: 'user' };
}

@Injectable()
export class Desk {
  constructor(
    @Inject(CommandBus) private readonly commands: CommandBus,
    @Inject(QueryBus) private readonly questions: QueryBus,
    @Inject(CALLER) private readonly caller: Caller,
  ) {}

  /** Decides and stores, or with `dryRun` only tries · refuses whatever the law says no to. */
  act(command: Command, options: Omit<CommandOptions, 'caller'> = {}): Promise<Acknowledgement> {
    return this.commands.execute(ordered(command, { ...options, caller: this.caller }));
  }

  /** The answer, waiting for `minSeq` first where it is named · refuses `projection-behind`, `seq-ahead`. */
  ask<Q extends QuestionName>(question: Q, asked: AskedOf<Q>, minSeq?: number): Promise<AnswerOf<Q>> {
    return this.questions.execute(new queries[question](asked, minSeq));
  }
}
