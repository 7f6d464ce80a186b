/** A process that dies in the middle of an import: `importing-child.js <folder> <parts>` makes a ledger there, imports a file and is killed when so many of its parts have been sent. */
import { openSqliteStore } from '../../libs/eventstore/src/index.js';
import { anna, founded } from '../../libs/imports/src/given.js';
import { FileImports } from '../../libs/imports/src/index.js';
import { fileOf } from '../crash/writing-child.js';

const [, , folder, parts] = process.argv;
const files = new FileImports(folder!, await founded(openSqliteStore(folder!)));
const file = async function* () {
  yield Buffer.from(fileOf(1, 1));
};
let sent = 0;
await files.importFile(file(), { caller: anna, book: 'erp', year: 2023, name: 'mars.csv' }, ({ stage }) => {
  if (stage === 'posting' && ++sent === Number(parts)) process.kill(process.pid, 'SIGKILL');
});
