/**
 * After each append the bus rings, and the projector looks for what is new. Nothing depends on it: Nest's EventBus runs
 * handlers concurrently and swallows their errors, and the projector also looks when it starts and while it works.
 */
import { Inject } from '@nestjs/common';
import { EventsHandler, type IEventHandler } from '@nestjs/cqrs';

/** The ledger now ends at this event. */
export class LedgerAppended {
  constructor(readonly seq: number) {}
}

const MOMENT_MS = 200;

export const PROJECTOR = Symbol('Projector');
/** Whoever follows the log. */
export interface Projector {
  ring(): void;
}

@EventsHandler(LedgerAppended)
export class RingProjector implements IEventHandler<LedgerAppended> {
  #ringing: NodeJS.Timeout | null = null;

  constructor(@Inject(PROJECTOR) private readonly projector: Projector) {}

  /** Rings once for all appends of a moment: waking the projector costs as much as deciding a command, and whoever waits for an event rings for himself. */
  handle(): void {
    this.#ringing ??= setTimeout(() => {
      this.#ringing = null;
      this.projector.ring();
    }, MOMENT_MS).unref();
  }
}
