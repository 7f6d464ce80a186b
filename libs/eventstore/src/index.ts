/** The memory of the ledger: the store's port, its adapters, and the lock of a ledger's folder. */
export * from './port.js';
export * from './read-back.js';
export * from './memory.js';
export * from './sqlite.js';
export { Checkpoints, LAST_RESORT_PAGES } from './sqlite-checkpoint.js';
export * from './store-choice.js';
export * from './store-copy.js';
export * from './lock.js';
export * from './folder.js';
export * from './acknowledgement.js';
export * from './ledger-commands.js';
export { foldCode } from './saved-state.js';
export { sha256 } from './recorder.js';
export * from './recorded-of.js';
