/** The answers of a ledger: read models that follow the events, and the questions that may be asked of them. */
export * from './answer-shapes.js';
export * from './answers.js';
export * from './import-shapes.js';
export type { Hint } from './hints.js';
export * from './books.js';
export * from './projection-process.js';
export type { Positions } from './projector.js';
export { Projector } from './projector.js';
export { dropReadModels, READ_MODELS_FILE } from './schema.js';
export type { StoreDescription } from './store-description.js';
