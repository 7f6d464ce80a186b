/**
 * The setting that names an event store server, taken apart: the connection string that the client library understands,
 * and the stream that holds the ledger. Pure; used by store-choice.ts and kurrentdb.ts.
 */

/** What a setting such as `kurrentdb://admin:secret@db1:2113,db2:2113?stream=liggaren-skane` says. */
export interface ServerAddress {
  /** For the client library; holds the password. */
  readonly connection: string;
  /** The stream named in the setting, null where the folder is to say. */
  readonly stream: string | null;
}

const SHAPE = /^(?:kurrentdb|kdb|esdb)(\+discover)?:\/\/([^/?]+)\/?(?:\?(.*))?$/i;
/** A stream's name; `$` would make it one of the server's own, and `@`, `/` and spaces are trouble in its pages. */
const STREAM = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,119}$/;

/** Whether a setting names a server of this kind. */
export const isServerAddress = (setting: string): boolean => /^(?:kurrentdb|kdb|esdb)(?:\+discover)?:\/\//i.test(setting.trim());

/**
 * @param setting `kurrentdb://` or `esdb://` (with `+discover` a DNS name of the cluster), hosts, and settings of the client
 * after `?`; ours is `stream`
 * @throws RangeError where it is none; the message holds no password
 */
export function serverAddress(setting: string): ServerAddress {
  const [, discover = '', hosts, query = ''] = SHAPE.exec(setting.trim()) ?? [];
  if (hosts === undefined) throw new RangeError(`not the address of an event store server: ${withoutPassword(setting)}`);
  const pairs = query.split('&').filter((pair) => pair !== '');
  const ours = pairs.filter((pair) => /^stream=/i.test(pair));
  const stream = ours.length > 0 ? decodeURIComponent(ours.at(-1)!.slice('stream='.length)) : null;
  if (stream !== null && !isStreamName(stream)) throw new RangeError(`not the name of a ledger's stream: ${stream}`);
  // false would make a conflict look like a success
  const theirs = pairs.filter((pair) => !/^(?:stream|throw[_-]?on[_-]?append[_-]?failure)=/i.test(pair));
  return { connection: `esdb${discover.toLowerCase()}://${hosts}${theirs.length > 0 ? `?${theirs.join('&')}` : ''}`, stream };
}

/** Whether a stream may have that name. */
export const isStreamName = (name: string): boolean => STREAM.test(name);

/** The setting as it may be shown in a log or on a page. */
export const withoutPassword = (setting: string): string => setting.replace(/^([a-z+]*:?\/*).*@/i, '$1…@');
