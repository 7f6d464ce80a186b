/** SIE, the foreign tongue: bytes to records and back. The import pipeline and the export use it; it knows only the ledger's law. */
export * from './complaint.js';
export { EncodingJudge, encodingOfField, type EncodingFound } from './encoding-judge.js';
export { cp437, Decoder, encode, type Encoding } from './encoding.js';
export { ContentNumbers, fingerprintContent } from './fingerprint.js';
export { endsLine } from './line-ends.js';
export * from './reader.js';
export * from './records.js';
export { transliterate, TRANSLITERATION } from './transliteration.js';
export * from './writer.js';
