/**
 * A process that dies in the middle of an import: `importing-child.js <folder> <parts> [chosen]` makes a ledger there, imports a file (with `chosen` one
 * of which only the chosen rows are kept) and is killed when so many of its parts have been sent.
 */
import { openSqliteStore } from '../../libs/eventstore/src/index.js';
import { anna, founded } from '../../libs/imports/src/given.js';
import { FileImports } from '../../libs/imports/src/index.js';
import { chosenOf, fileOf, PROFILES } from '../crash/writing-child.js';

const [, , folder, parts, chosen] = process.argv;
const commands = await founded(openSqliteStore(folder!));
for (const profile of PROFILES) await commands.handle(profile, { caller: anna });
const files = new FileImports(folder!, commands);
const file = async function* () {
  yield Buffer.from(chosen ? chosenOf(1, 1) : fileOf(1, 1));
};
const by = chosen ? { profile: 'valda' } : { book: 'erp', year: 2023 };
let sent = 0;
await files.importFile(file(), { caller: anna, name: 'mars', ...by }, ({ stage }) => {
  if (stage === 'posting' && ++sent === Number(parts)) process.kill(process.pid, 'SIGKILL');
});
