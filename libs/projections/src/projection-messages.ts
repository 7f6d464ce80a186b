/** What the projection's two threads say to each other: the server's side rings and stops, the worker tells where it has come. */
import type { Positions } from './projector.js';
import type { StoreDescription } from './store-description.js';

/** What a worker is started with. */
export type WorkerStart = { readonly store: StoreDescription; readonly file: string };
/** `ring`: there are new events. */
export type ToWorker = { readonly ring: true } | { readonly stop: true };
/** `ready` with the first positions, `at` after each batch; `error` is retried by the worker itself. */
export type FromWorker =
  { readonly ready: Positions } | { readonly at: Positions } | { readonly error: { readonly name: string; readonly message: string } };
