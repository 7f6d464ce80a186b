/** Which source reads a file of that format through a profile. */
import type { ProfileVersions } from '#ledger';
import { SieSource } from './sie-source.js';
import { WHOLE } from './slice.js';
import type { FileFormat, Source } from './source.js';
import { csvSource, xlsxSource } from './tables/table-source.js';

/** @param slice what is read of a SIE file; of the others always the whole */
export function sourceOf(format: FileFormat, versions: ProfileVersions, slice = WHOLE): Source {
  if (format === 'csv') return csvSource(versions);
  if (format === 'xlsx') return xlsxSource(versions);
  return new SieSource({ selection: versions[0]?.settings.kind === 'selection', slice });
}
