/** One import in a process of its own: the file into a ledger's folder, each stage timed, until figures and lines have it all. */
import { createReadStream } from 'node:fs';
import { LedgerFolder } from '#cqrs';
import { CALLER, YEAR } from './region.js';

export type ImportOptions = { readonly folder: string; readonly file: string };
/** Milliseconds since the import began; `opened` is how long opening the ledger took before it. */
export type ImportTimes = {
  readonly opened: number;
  readonly received: number;
  readonly read: number;
  readonly posted: number;
  readonly figures: number;
  readonly lines: number;
  readonly bytes: number;
};

const { folder, file } = JSON.parse(process.argv[2]!) as ImportOptions;
const began = performance.now();
const ledger = await LedgerFolder.open({ folder, caller: CALLER });
const started = performance.now();
const since = () => performance.now() - started;
let [received, read] = [0, 0];
const chunks = createReadStream(file, { highWaterMark: 1 << 16 }); // as a request's body comes
await ledger.imports.importFile(chunks, { caller: CALLER, book: 'erp', year: YEAR, name: 'bench.csv' }, ({ stage }) => {
  if (stage === 'receiving') received = since();
  else if (stage === 'posting') read ||= since();
});
const posted = since();
await ledger.projection.waitFor(ledger.commands.seq, 900_000, 'figures');
const figures = since();
await ledger.projection.waitFor(ledger.commands.seq, 900_000, 'lines');
const lines = since();
const bytes = process.resourceUsage().maxRSS * 1024;
await ledger.close();
process.send!({ opened: started - began, received, read, posted, figures, lines, bytes } satisfies ImportTimes, () => process.exit());
