/** Which source reads a file of that format through a profile. */
import type { ProfileVersions } from '#ledger';
import { SieSource } from './sie-source.js';
import type { EncodingFound } from '#sie';
import { WHOLE, type Slice } from './slice.js';
import type { FileFormat, Source } from './source.js';
import { csvSource, xlsxSource } from './tables/table-source.js';

/** What is known of a SIE file: which slice is read, the whole where left out, and in which encoding it is, judged by the reading where left out. */
export type Asked = { readonly slice?: Slice; readonly encoding?: EncodingFound | null };

export function sourceOf(format: FileFormat, versions: ProfileVersions, { slice = WHOLE, encoding = null }: Asked = {}): Source {
  if (format === 'csv') return csvSource(versions);
  if (format === 'xlsx') return xlsxSource(versions);
  return new SieSource({ selection: versions[0]?.settings.kind === 'selection', slice, encoding });
}
