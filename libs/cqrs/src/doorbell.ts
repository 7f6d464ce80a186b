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

export const PROJECTOR = Symbol('Projector');
/** Whoever follows the log. */
export interface Projector {
  ring(): void;
}

@EventsHandler(LedgerAppended)
export class RingProjector implements IEventHandler<LedgerAppended> {
  constructor(@Inject(PROJECTOR) private readonly projector: Projector) {}
  handle(): void {
    this.projector.ring();
  }
}
