/**
 * A file read by two threads at once: each reads one slice, and what they came to is put together (read-file.ts). Where a slice meets
 * what only the whole can tell, something wrong first of all, both stop at once and the file is read in one.
 */
import type { Cut } from './cuts.js';

/** What is read: from one cut to another; null for the file's beginning, its end. */
export type Slice = { readonly from: Cut | null; readonly to: Cut | null };
export const WHOLE: Slice = { from: null, to: null };

/** Thrown by the reading of a slice: the file must be read in one. */
export class ReadInOne extends Error {
  constructor() {
    super('the file must be read in one');
  }
}
