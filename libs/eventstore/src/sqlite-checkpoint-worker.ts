/** A thread that puts the write-ahead log of one SQLite file back into it once, and ends; started by sqlite-checkpoint.ts. */
import Database from 'better-sqlite3';
import { workerData } from 'node:worker_threads';

const db = new Database(workerData as string, { fileMustExist: true });
try {
  db.pragma('synchronous = FULL');
  db.pragma('wal_autocheckpoint = 0');
  db.pragma('wal_checkpoint(PASSIVE)');
} finally {
  db.close();
}
