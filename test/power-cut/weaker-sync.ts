/** Preloaded (`--import`) into a child of power-cut.spec.ts: whatever the store asks for, SQLite syncs only as POWER_CUT_SYNCHRONOUS says. */
import Database from 'better-sqlite3';

const { pragma } = Database.prototype;
Database.prototype.pragma = function (this: Database.Database, source: string, options?: Database.PragmaOptions) {
  return pragma.call(this, source.replace(/^synchronous = \w+$/, `synchronous = ${process.env['POWER_CUT_SYNCHRONOUS']}`), options);
};
