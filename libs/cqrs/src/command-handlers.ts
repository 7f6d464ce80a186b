/**
 * One Nest handler for every command of the law, so that a new command needs no class of its own here. Who asks, with which
 * key and whether only to try, is said beside the command (`ordered`), because the bus carries the command alone.
 */
import { Inject, type Type } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Acknowledgement, CommandOptions } from '#eventstore';
import type { Command, Decider } from '#ledger';

export const COMMANDS = Symbol('Commands');
/** Loads, decides, appends, and answers with what was acknowledged: `LedgerCommands` of the event store. */
export interface Commands {
  handle(command: Command, options: CommandOptions): Promise<Acknowledgement>;
}

const orders = new WeakMap<Command, CommandOptions>();

/** The command itself, with who asks for it and how. */
export function ordered<C extends Command>(command: C, options: CommandOptions): C {
  orders.set(command, options);
  return command;
}

/** A handler class for each command that the decider knows. */
export function commandHandlers(decider: Decider): Type<ICommandHandler>[] {
  return decider.commands.map((command) => {
    @CommandHandler(command)
    class Handler {
      constructor(@Inject(COMMANDS) private readonly commands: Commands) {}
      execute(asked: Command): Promise<Acknowledgement> {
        const options = orders.get(asked);
        if (!options) throw new TypeError(`${command.name} came without a caller`);
        return this.commands.handle(asked, options);
      }
    }
    Object.defineProperty(Handler, 'name', { value: `${command.name}Handler` });
    return Handler;
  });
}
