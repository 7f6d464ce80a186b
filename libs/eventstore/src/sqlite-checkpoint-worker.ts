/**
 * A thread that puts the write-ahead log of one SQLite file back into it each time it is asked to, and says whether it could; started,
 * asked and ended by sqlite-checkpoint.ts.
 */
import Database from 'better-sqlite3';
import { parentPort, workerData } from 'node:worker_threads';

const port = parentPort!;
const db = new Database(workerData as string, { fileMustExist: true });
db.pragma('synchronous = FULL');
db.pragma('wal_autocheckpoint = 0');

port.on('message', (asked: 'copy' | 'end') => {
  if (asked === 'end') {
    db.close();
    port.close();
  } else port.postMessage(copied());
});

function copied(): boolean {
  try {
    db.pragma('wal_checkpoint(PASSIVE)');
    return true;
  } catch {
    return false;
  }
}
