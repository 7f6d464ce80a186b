/**
 * `npm run bench [names…]`: measures, prints, and writes test/bench/results/<date>-<machine>.md. Without names everything is
 * measured (some ten minutes, on a machine that does nothing else). Each ratio comes from runs that alternate in this very run.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { csvImport } from './csv-import.js';
import { eventStore } from './eventstore.js';
import { machine, markdown, type Report } from './measure.js';
import { Million } from './million.js';
import { posts } from './posts.js';
import { sieImport } from './sie-import.js';
import { writer } from './writer.js';

const folder = mkdtempSync(join(process.env['BENCH_FOLDER'] ?? tmpdir(), 'liggaren-bench-'));
const million = new Million(folder);
/** A scenario that cannot be run here answers with the reason, in a line. */
const scenarios: Readonly<Record<string, () => Promise<Report | string>>> = {
  posts: () => posts(folder),
  'posts-slow-disk': () => posts(folder, 5),
  writer: () => writer(folder),
  import: () => csvImport(folder),
  sie: () => sieImport(folder),
  million: () => million.import(),
  open: () => million.open(),
  queries: () => million.queries(),
  eventstore: () => eventStore(folder),
};

const names = process.argv.slice(2);
const unknown = names.filter((name) => !(name in scenarios));
if (unknown.length) {
  process.stderr.write(`unknown: ${unknown.join(' ')}; there are: ${Object.keys(scenarios).join(' ')}\n`);
  process.exit(2);
}
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(1));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

const day = new Date().toISOString().slice(0, 10);
const parts = [`# Benches, ${day}`, `${machine()}. Made by \`npm run bench${names.map((name) => ` ${name}`).join('')}\`.\n`];
process.stdout.write(`${parts.join('\n\n')}\n`);
let measured = false;
for (const name of names.length ? names : Object.keys(scenarios)) {
  const others = loadavg()[0]!.toFixed(1);
  const report = await scenarios[name]!();
  measured ||= typeof report !== 'string';
  const said =
    typeof report === 'string'
      ? `${report}\n`
      : markdown({ ...report, how: `${report.how} (Load of the machine when it began: ${others}.)` });
  parts.push(said);
  process.stdout.write(`${said}\n`);
}
if (!measured) process.exit();
const results = join(import.meta.dirname, '../../../test/bench/results');
mkdirSync(results, { recursive: true });
const kind = `${cpus()[0]?.model ?? ''} ${cpus().length} cores`
  .toLowerCase()
  .replace(/[^a-z0-9]+/g, '-')
  .replace(/^-|-$/g, '');
writeFileSync(join(results, `${day}-${kind}${names.map((name) => `-${name}`).join('')}.md`), `${parts.join('\n\n').trimEnd()}\n`);
