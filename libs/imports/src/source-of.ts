/** Which source reads a file of that format through a profile. */
import { refuse, type ProfileVersions } from '#ledger';
import { SieSource } from './sie-source.js';
import type { FileFormat, Source } from './source.js';

/** @throws Refusal with its row where no source reads such a file */
export function sourceOf(format: FileFormat, versions: ProfileVersions): Source {
  const selection = versions[0]?.settings.kind === 'selection';
  if (format === 'sie') return new SieSource({ selection });
  return refuse('file-not-by-profile', { row: 1, format });
}
