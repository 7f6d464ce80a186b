/** The answers of a ledger: read models that follow the events, and the questions that may be asked of them. */
export * from './answer-shapes.js';
export * from './answers.js';
