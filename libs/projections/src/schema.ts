/**
 * The read models' own file: its tables, and how it is opened. The file may be deleted at any time; it is dropped and built
 * anew from the events where it was made by another version of this code, for another ledger, from another history, or is damaged.
 * Sums are kept as `giga` × 10⁹ + `rest` öre, so that neither SQLite's 64 bits nor JavaScript's 53 are ever outgrown.
 */
import Database from 'better-sqlite3';
import { createHash } from 'node:crypto';
import { existsSync, rmSync } from 'node:fs';
import { LAST_RESORT_PAGES } from '#eventstore';

export const READ_MODELS_FILE = 'read-models.sqlite';

/** To be raised by hand whenever what is written into the tables changes its meaning; the tables themselves are hashed. */
const MEANING = 1;

/** Where both parts of an amount are cut. */
export const GIGA = 1_000_000_000;

/** A line's id is its voucher's id × this + its number, so that the lines of a voucher lie together. */
export const LINE_ROOM = 2 ** 24;

/**
 * The lines' index by coding is cut into segments of so many vouchers: a new line touches only the last segment. (An index over
 * all of them took five times as long to fill, since each batch rewrote most of its pages.)
 */
export const SEGMENT = LINE_ROOM * 2 ** 14;

const SCHEMA = `
  CREATE TABLE facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
  CREATE TABLE positions (projection TEXT PRIMARY KEY, seq INTEGER NOT NULL, head_hash TEXT NOT NULL) STRICT;

  CREATE TABLE placings (id INTEGER PRIMARY KEY, grant_code TEXT NOT NULL, decision TEXT NOT NULL, unit TEXT NOT NULL, account TEXT NOT NULL,
    period TEXT NOT NULL, effect TEXT NOT NULL, internal INTEGER NOT NULL) STRICT;
  CREATE INDEX placings_of_grant ON placings (grant_code);
  CREATE TABLE codings (id INTEGER PRIMARY KEY, grant_code TEXT NOT NULL, decision TEXT NOT NULL, unit TEXT NOT NULL, account TEXT NOT NULL,
    period TEXT NOT NULL, effect TEXT NOT NULL, internal INTEGER NOT NULL) STRICT;
  CREATE INDEX codings_in_order ON codings (grant_code, account, unit, period);
  CREATE TABLE figures (coding INTEGER NOT NULL, import INTEGER NOT NULL, giga INTEGER NOT NULL, rest INTEGER NOT NULL, PRIMARY KEY (coding, import)) STRICT, WITHOUT ROWID;
  CREATE TABLE steps (grant_code TEXT NOT NULL, seq INTEGER NOT NULL, body TEXT NOT NULL) STRICT;
  CREATE INDEX steps_of_grant ON steps (grant_code, seq);

  CREATE TABLE grants (grant_code TEXT PRIMARY KEY, valid_from TEXT NOT NULL, last_day TEXT, predecessor TEXT, successor TEXT) STRICT;
  CREATE TABLE grant_names (grant_code TEXT NOT NULL, valid_from TEXT NOT NULL, name TEXT NOT NULL, PRIMARY KEY (grant_code, valid_from)) STRICT;
  CREATE TABLE decisions (decision TEXT PRIMARY KEY, grant_code TEXT NOT NULL) STRICT;
  CREATE TABLE decision_versions (decision TEXT NOT NULL, valid_from TEXT NOT NULL, terms TEXT NOT NULL, reason TEXT, seq INTEGER NOT NULL, PRIMARY KEY (decision, valid_from)) STRICT;
  CREATE TABLE exemptions (grant_code TEXT NOT NULL, decision TEXT NOT NULL, year INTEGER NOT NULL, reference TEXT NOT NULL, reason TEXT, PRIMARY KEY (grant_code, decision, year)) STRICT;
  CREATE TABLE allotments (seq INTEGER PRIMARY KEY, decision TEXT NOT NULL, unit TEXT NOT NULL, ore INTEGER NOT NULL, date TEXT NOT NULL) STRICT;
  CREATE TABLE reported (seq INTEGER PRIMARY KEY, decision TEXT NOT NULL, ore INTEGER NOT NULL, date TEXT NOT NULL, diarienummer TEXT) STRICT;
  CREATE TABLE units (unit TEXT PRIMARY KEY, last_day TEXT) STRICT;
  CREATE TABLE unit_versions (unit TEXT NOT NULL, valid_from TEXT NOT NULL, name TEXT NOT NULL, kind TEXT NOT NULL, parent TEXT, PRIMARY KEY (unit, valid_from)) STRICT;
  CREATE TABLE period_acts (seq INTEGER PRIMARY KEY, period TEXT NOT NULL, act TEXT NOT NULL, recorded_at TEXT NOT NULL, actor TEXT NOT NULL, approver TEXT, reason TEXT) STRICT;
  CREATE TABLE account_classes (valid_from TEXT PRIMARY KEY, classes TEXT NOT NULL) STRICT;
  CREATE TABLE persons (person TEXT PRIMARY KEY, login TEXT, name TEXT, seq INTEGER NOT NULL) STRICT;
  CREATE TABLE imports (opened_seq INTEGER PRIMARY KEY, import TEXT NOT NULL, status TEXT NOT NULL, closed_seq INTEGER, closed_at TEXT, file TEXT, sha256 TEXT NOT NULL, bytes INTEGER NOT NULL, book TEXT NOT NULL,
    year INTEGER, counts TEXT, vouchers INTEGER NOT NULL, recorded_at TEXT NOT NULL, actor TEXT NOT NULL, findings INTEGER NOT NULL, because TEXT, counted INTEGER NOT NULL DEFAULT 0,
    kind TEXT, format TEXT, profile TEXT, corrections INTEGER NOT NULL DEFAULT 0, left_out TEXT, kept_sha256 TEXT, first_period TEXT, last_period TEXT, fiscal_from TEXT, fiscal_through TEXT, as_new TEXT, totals_seq INTEGER, totals_at TEXT, totals_by TEXT) STRICT;
  CREATE INDEX imports_by_id ON imports (import);
  CREATE INDEX imports_by_sha256 ON imports (sha256);
  CREATE TABLE findings (seq INTEGER NOT NULL, place INTEGER NOT NULL, import TEXT NOT NULL, row INTEGER NOT NULL, finding TEXT NOT NULL, facts TEXT NOT NULL, PRIMARY KEY (seq, place)) STRICT;

  CREATE TABLE profiles (profile TEXT NOT NULL, version INTEGER NOT NULL, valid_from TEXT NOT NULL, settings TEXT NOT NULL, seq INTEGER NOT NULL, recorded_at TEXT NOT NULL, actor TEXT NOT NULL, PRIMARY KEY (profile, version)) STRICT;
  CREATE TABLE ended_profiles (profile TEXT PRIMARY KEY, seq INTEGER NOT NULL) STRICT;
  CREATE TABLE settlements (finding TEXT PRIMARY KEY, seq INTEGER NOT NULL, recorded_at TEXT NOT NULL, actor TEXT NOT NULL, reason TEXT) STRICT;
  CREATE TABLE hint_rules (rule TEXT PRIMARY KEY, grant_code TEXT NOT NULL, criterion TEXT NOT NULL) STRICT;

  CREATE TABLE selection_sums (import INTEGER NOT NULL, account TEXT NOT NULL, grant_code TEXT NOT NULL, period TEXT NOT NULL, giga INTEGER NOT NULL, rest INTEGER NOT NULL, PRIMARY KEY (import, account, grant_code, period)) STRICT, WITHOUT ROWID;
  CREATE TABLE control_totals (import INTEGER NOT NULL, account TEXT NOT NULL, grant_code TEXT NOT NULL, period TEXT NOT NULL, ore INTEGER NOT NULL, PRIMARY KEY (import, account, grant_code, period)) STRICT, WITHOUT ROWID;

  CREATE TABLE line_imports (opened_seq INTEGER PRIMARY KEY, import TEXT NOT NULL, counted INTEGER NOT NULL, closed_seq INTEGER) STRICT;
  CREATE TABLE money_events (seq INTEGER PRIMARY KEY, type TEXT NOT NULL, recorded_at TEXT NOT NULL, actor TEXT NOT NULL, role TEXT NOT NULL, source TEXT NOT NULL, program TEXT NOT NULL,
    first_voucher INTEGER NOT NULL, reason TEXT, mandate TEXT, warnings TEXT, import INTEGER NOT NULL,
    lines INTEGER NOT NULL, debit_giga INTEGER NOT NULL, debit_rest INTEGER NOT NULL, credit_giga INTEGER NOT NULL, credit_rest INTEGER NOT NULL) STRICT;
  CREATE TABLE vouchers (id INTEGER PRIMARY KEY, seq INTEGER NOT NULL, place INTEGER NOT NULL, ref TEXT NOT NULL, act TEXT NOT NULL, event_date TEXT NOT NULL, registered TEXT,
    text TEXT, counterparty TEXT, document TEXT, reverses TEXT, replaces TEXT, recodes TEXT, recodes_line INTEGER, takes_back TEXT, concerns_year INTEGER, import INTEGER NOT NULL) STRICT;
  CREATE INDEX vouchers_by_ref ON vouchers (ref);
  CREATE INDEX vouchers_reversing ON vouchers (reverses) WHERE reverses IS NOT NULL;
  CREATE INDEX vouchers_replacing ON vouchers (replaces) WHERE replaces IS NOT NULL;
  CREATE INDEX vouchers_recoding ON vouchers (recodes) WHERE recodes IS NOT NULL;
  CREATE TABLE lines (id INTEGER PRIMARY KEY, coding INTEGER NOT NULL, ore INTEGER NOT NULL, row INTEGER, counterpart TEXT, objects INTEGER) STRICT;
  CREATE TABLE object_lists (id INTEGER PRIMARY KEY, objects TEXT NOT NULL UNIQUE) STRICT;
  CREATE TABLE line_texts (id INTEGER PRIMARY KEY, text TEXT NOT NULL) STRICT;
  CREATE TABLE turnovers (coding INTEGER NOT NULL, import INTEGER NOT NULL, lines INTEGER NOT NULL, debit_giga INTEGER NOT NULL, debit_rest INTEGER NOT NULL,
    credit_giga INTEGER NOT NULL, credit_rest INTEGER NOT NULL, PRIMARY KEY (coding, import)) STRICT, WITHOUT ROWID;
  CREATE TABLE placing_turnovers (placing INTEGER NOT NULL, import INTEGER NOT NULL, lines INTEGER NOT NULL, debit_giga INTEGER NOT NULL, debit_rest INTEGER NOT NULL,
    credit_giga INTEGER NOT NULL, credit_rest INTEGER NOT NULL, PRIMARY KEY (placing, import)) STRICT, WITHOUT ROWID;
  CREATE INDEX lines_by_coding ON lines (id / ${SEGMENT}, coding);
`;

/** What the tables are and mean, as one word; a file with another is dropped. */
export const SCHEMA_VERSION = `${MEANING}-${createHash('sha256').update(SCHEMA).digest('hex').slice(0, 16)}`;

/** Opens the read models for writing: the one projector. Makes them, or makes them anew where they cannot be gone on with. */
export function openReadModels(file: string): Database.Database {
  const found = existsSync(file) ? usable(file) : null;
  if (found) return found;
  dropReadModels(file);
  const db = connect(file);
  db.transaction(() => {
    db.exec(SCHEMA);
    db.prepare('INSERT INTO facts (name, value) VALUES (?, ?)').run('version', SCHEMA_VERSION);
  })();
  return db;
}

/** Deletes the read models. Nothing is lost: they are built anew from the events. */
export function dropReadModels(file: string): void {
  for (const ending of ['', '-wal', '-shm', '-journal']) rmSync(file + ending, { force: true });
}

/** A read-only connection for answers. @param room what it may keep of the file */
export function openReadModelsForReading(
  file: string,
  room = { cacheKiB: 32_768, mappedBytes: 100_663_296 }, // what is mapped counts as resident
): Database.Database {
  const db = new Database(file, { readonly: true, timeout: 5_000 });
  db.pragma(`cache_size = -${room.cacheKiB}`);
  db.pragma(`mmap_size = ${room.mappedBytes}`);
  return db;
}

/** Öre from the two parts of a sum. */
export const oreOf = (giga: bigint | null, rest: bigint | null): bigint => (giga ?? 0n) * BigInt(GIGA) + (rest ?? 0n);

/** A fact about the ledger, or `''`. */
export const fact = (db: Database.Database, name: string): string =>
  db.prepare<[string], string>('SELECT value FROM facts WHERE name = ?').pluck().get(name) ?? '';

export const setFact = (db: Database.Database, name: string, value: string): void => {
  db.prepare('INSERT INTO facts (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value').run(name, value);
};

function connect(file: string): Database.Database {
  const db = new Database(file, { timeout: 5_000 });
  db.pragma('journal_mode = WAL');
  // A power cut may take the last batches back, never tear them: they are read again.
  db.pragma('synchronous = NORMAL');
  db.pragma(`wal_autocheckpoint = ${LAST_RESORT_PAGES}`); // a thread does it before (projector.ts)
  db.pragma('cache_size = -12288');
  db.pragma('temp_store = MEMORY');
  return db;
}

function usable(file: string): Database.Database | null {
  let db: Database.Database | undefined;
  try {
    db = connect(file);
    if (fact(db, 'version') === SCHEMA_VERSION) return db;
  } catch (error) {
    // Anything unreadable is dropped; trouble with the disk itself meets the caller when the file is made anew.
    if (!/SQLITE_(CORRUPT|NOTADB|ERROR|IOERR)/.test(String((error as { code?: unknown }).code))) throw error;
  }
  db?.close();
  return null;
}
