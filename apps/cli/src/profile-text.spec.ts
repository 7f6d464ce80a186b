/** The starting points of profiles: each is JSON as it stands, and with what its comments offer. */
import { describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EXAMPLES, exampleOf, settingsIn } from './profile-text.js';
import { sayIn } from './words.js';

const read = (text: string): object => {
  const folder = mkdtempSync(join(tmpdir(), 'liggaren-profile-'));
  try {
    writeFileSync(join(folder, 'profile.json'), text);
    return settingsIn(join(folder, 'profile.json'), sayIn('sv'));
  } finally {
    rmSync(folder, { recursive: true });
  }
};

describe.each(EXAMPLES)('the example of a profile for %s', (kind) => {
  it.each(['sv', 'en'] as const)('is a profile as it stands, in %s', (language) =>
    expect(Object.keys(read(exampleOf(kind, sayIn(language))))).toEqual(expect.arrayContaining(['kind', 'book', 'grant', 'unit'])),
  );
  it('is one too when what it offers is taken out of its comments', () => {
    const offered = exampleOf(kind, sayIn('sv')).replace(/\/\/ (?=,? ?"[\w]+":)/g, '');
    const more = Object.keys(read(offered)).filter((field) => !(field in read(exampleOf(kind, sayIn('sv')))));
    expect(more).toEqual(
      { sie: ['firstMonth', 'unnumbered', 'filter'], csv: ['period', 'firstMonth', 'unnumbered', 'filter'], selection: [] }[kind],
    );
  });
});
