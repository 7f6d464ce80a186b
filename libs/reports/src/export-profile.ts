/** The profile that reads a SIE file of ours back: the same figures per grant, unit and period, the same codes and references (R35). */
import type { ProfileSettings } from '#ledger';
import { exportDimensions, type ExportDimensions } from './sie-export.js';

/** @param book where the vouchers go, ours among them, in the series that the export gave them */
export function exportProfile(book: string, dimensions: Partial<ExportDimensions> = {}): ProfileSettings {
  const { grant, decision, counterpart, period } = exportDimensions(dimensions);
  return {
    kind: 'whole-vouchers',
    book,
    grant: [{ dimension: grant }],
    unit: { places: [{ dimension: '1' }] },
    decision: { places: [{ dimension: decision }] },
    counterpart: { places: [{ dimension: counterpart }] },
    period: { from: { dimension: period } },
  };
}
