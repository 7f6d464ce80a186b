/** The manual is the help: every verb, argument and option says in both languages what it is for. */
import { describe, expect, it } from '@jest/globals';
import type { Command } from 'commander';
import { program } from './program.js';

type Described = { readonly name: string; readonly description: string };

/** Every verb with its arguments and options, by what a user writes. */
const everything = (verb: Command, above = ''): Described[] => {
  const path = `${above} ${verb.name()}`.trim();
  return [
    { name: path, description: verb.description() },
    ...verb.registeredArguments.map((argument) => ({ name: `${path} <${argument.name()}>`, description: argument.description })),
    ...verb.options.map(({ flags, description }) => ({ name: `${path} ${flags}`, description })),
    ...verb.commands.flatMap((below) => everything(below, path)),
  ];
};
const [swedish, english] = [everything(program('sv')), everything(program('en'))];

describe('the help', () => {
  it('is about every verb, and as much in both languages', () => {
    expect(swedish.length).toBeGreaterThan(200);
    expect(english.map(({ name }) => name)).toEqual(swedish.map(({ name }) => name));
  });
  it.each([
    ['Swedish', swedish],
    ['English', english],
  ])('says in %s what every verb, argument and option is for', (_, all) => {
    expect(all.filter(({ description }) => description.trim() === '').map(({ name }) => name)).toEqual([]);
  });
  it('of each verb says where the options stand that every verb takes', () => {
    const below = (verb: Command): Command[] => verb.commands.flatMap((one) => [one, ...below(one)]);
    for (const language of ['sv', 'en'] as const) {
      const silent = below(program(language)).filter(
        (verb) => verb.name() !== 'help' && !/--dry-run\W[^]*liggare\s+--help/.test(verb.helpInformation()),
      );
      expect(silent.map((verb) => verb.name())).toEqual([]);
    }
    expect(program('sv').helpInformation()).toMatch(/--dry-run +visa verkan/);
  });
  it('of an argument and its verb is what help prints', () => {
    const verb = (...names: readonly string[]) =>
      names.reduce((at, name) => at.commands.find((one) => one.name() === name)!, program('sv'));
    expect(verb('import', 'abandon').helpInformation()).toMatch(/Argument:\n {2}import +importens namn[^]*Val:\n/);
    expect(verb('import', 'control').helpInformation()).toMatch(/ {2}import +\S[^]* {2}file +\S/);
  });
});
