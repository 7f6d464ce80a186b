/** How the event store server's bench reads a ledger through the port: in the parts that a projector takes. Shared with its child process. */
import type { EventReader } from '#eventstore';

export type ReadOptions = {
  readonly address: string;
  readonly stream: string;
  readonly events: number;
  readonly bare: boolean;
  readonly rounds: number;
};
export type ReadDone = { readonly ms: number };

/** Reads events 0 to `events` - 1 and drops them. @throws where there are fewer */
export async function readThrough(reader: EventReader, events: number): Promise<void> {
  for (let next = 0; next < events;) {
    const part = await reader.read(next, { records: Math.min(2_000, events - next), bytes: 4 * 1024 * 1024 });
    if (part.length === 0) throw new Error(`the ledger ends before event ${next}`);
    next += part.length;
  }
}
