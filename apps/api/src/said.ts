/** Findings as they are answered: with their sentence in the reader's language. Used by the doors of imports and findings. */
import { isRefusalName, sentence, type Finding, type Language } from '#ledger';
import { wire } from './wire.js';

/** A finding with its sentence. */
export const said =
  (language: Language) =>
  <F extends Pick<Finding, 'finding' | 'facts'>>({ facts, ...finding }: F) => ({
    ...finding,
    text: isRefusalName(finding.finding) ? sentence(finding.finding, facts, language) : finding.finding,
    facts: wire(facts),
  });
