/** One import in a process of its own: the file into a ledger's folder, each stage timed, until figures and lines have it all. */
import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import { LedgerFolder } from '#cqrs';
import { CALLER, YEAR } from './region.js';

export type ImportOptions = {
  readonly folder: string;
  readonly file: string;
  /** The simple voucher CSV where left out. */
  readonly profile?: string;
};
/** Milliseconds since the import began; `opened` is how long opening the ledger took before it, `cpu` what the figures cost on all threads, `bytes` the most that was resident. */
export type ImportTimes = {
  readonly opened: number;
  readonly received: number;
  readonly read: number;
  readonly posted: number;
  readonly figures: number;
  readonly cpu: number;
  readonly lines: number;
  readonly bytes: number;
};

const { folder, file, profile } = JSON.parse(process.argv[2]!) as ImportOptions;
const began = performance.now();
const ledger = await LedgerFolder.open({ folder, caller: CALLER });
const started = performance.now();
const since = () => performance.now() - started;
const before = process.cpuUsage();
let [received, read] = [0, 0];
const chunks = createReadStream(file, { highWaterMark: 1 << 16 }); // as a request's body comes
const request = profile === undefined ? { book: 'erp', year: YEAR } : { profile };
await ledger.imports.importFile(chunks, { ...request, caller: CALLER, name: basename(file) }, ({ stage }) => {
  if (stage === 'receiving') received = since();
  else if (stage === 'posting') read ||= since();
});
const posted = since();
await ledger.projection.waitFor(ledger.commands.seq, 900_000, 'figures');
const figures = since();
const { user, system } = process.cpuUsage(before);
const cpu = (user + system) / 1000;
await ledger.projection.waitFor(ledger.commands.seq, 900_000, 'lines');
const lines = since();
const bytes = process.resourceUsage().maxRSS * 1024;
await ledger.close();
process.send!({ opened: started - began, received, read, posted, figures, cpu, lines, bytes } satisfies ImportTimes, () => process.exit());
