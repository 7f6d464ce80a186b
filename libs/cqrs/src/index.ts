/** The wiring of a ledger: Nest's buses over the law, the memory and the answers. The only library with Nest in it. */
export {
  holderOf,
  holdsLedger,
  EVENTS_FILE,
  type Acknowledgement,
  type Caller,
  type EventStore,
  type Holder,
  type Moved,
  type StoreDescription,
} from '#eventstore';
export {
  fileBytes,
  FileRefused,
  readControlTotals,
  sieFactsOf,
  StartRefused,
  writeStartTemplate,
  type ImportProgress,
  type ImportResult,
  type StartResult,
} from '#imports';
export * from './command-handlers.js';
export * from './compared-answers.js';
export { ensureDemo } from './demo-ledger.js';
export * from './desk.js';
export * from './doorbell.js';
export * from './ledger-copy.js';
export * from './ledger-folder.js';
export * from './ledger.module.js';
export * from './query-handlers.js';
export * from './watch.js';
