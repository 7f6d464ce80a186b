/** Why a store or a disk failed, in words: the short codes that a refusal carries as its `reason`, for programs, and what people read. */

const reasons: { readonly [code: string]: { readonly sv: string; readonly en: string } } = {
  'disk-full': { sv: 'disken är full', en: 'the disk is full' },
  'read-only': { sv: 'disken är skrivskyddad', en: 'the disk is read-only' },
  busy: { sv: 'en annan process skriver', en: 'another process is writing' },
  'io-error': { sv: 'disken svarar med fel', en: 'the disk answers with errors' },
  damaged: { sv: 'händelseloggen är skadad eller ofullständig', en: 'the event log is damaged or incomplete' },
  altered: { sv: 'en händelse är inte som den skrevs', en: 'an event is not as it was written' },
  'not-found': { sv: 'händelseloggen saknas', en: 'the event log is missing' },
  'not-a-ledger': { sv: 'filen är ingen liggares logg', en: 'the file is no ledger’s log' },
  'newer-format': { sv: 'loggen är skriven av en nyare version', en: 'the log was written by a newer version' },
  closed: { sv: 'liggaren stängs', en: 'the ledger is closing' },
  unreachable: { sv: 'händelselagret svarar inte', en: 'the event store does not answer' },
  denied: { sv: 'händelselagret nekar åtkomst', en: 'the event store denies access' },
  'too-large': { sv: 'händelselagret tar inte emot så mycket på en gång', en: 'the event store does not take so much at once' },
  ECONNREFUSED: { sv: 'servern svarar inte', en: 'the server does not answer' },
  EACCES: { sv: 'mappen får inte skrivas', en: 'the folder may not be written' },
  EROFS: { sv: 'disken är skrivskyddad', en: 'the disk is read-only' },
  EIO: { sv: 'disken svarar med fel', en: 'the disk answers with errors' },
  EDQUOT: { sv: 'utrymmet är slut', en: 'the quota is used up' },
};

/** The words of a reason's code, or the code itself where it has none. */
export const reasonIn = (code: string, language: 'sv' | 'en'): string => (Object.hasOwn(reasons, code) ? reasons[code]![language] : code);
