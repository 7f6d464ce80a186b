/**
 * Keeps the house: who may import whom, sizes, names, opening comments, and a lockfile that installs everywhere. An
 * ordinary test that reads the sources as text; each failure names the file and says what to do. To change a rule,
 * change the tables at the top (and ARCHITECTURE.md where a direction changes).
 */
import { describe, expect, it } from '@jest/globals';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, extname, join, normalize } from 'node:path';

/** Which libraries each place may import (as `#name`). A place that does not exist yet is skipped. */
const mayImport: Record<string, readonly string[]> = {
  'libs/ledger': [],
  'libs/eventstore': ['ledger'],
  'libs/projections': ['ledger', 'eventstore'],
  'libs/imports': ['ledger', 'eventstore', 'sie'],
  'libs/sie': ['ledger'],
  'libs/audit': ['ledger', 'eventstore', 'projections'],
  'libs/reports': ['projections', 'ledger', 'sie'],
  'libs/cqrs': ['ledger', 'eventstore', 'projections', 'imports', 'sie', 'audit', 'reports'],
  'apps/api': ['cqrs', 'ledger', 'reports', 'projections'],
  'apps/cli': ['cqrs', 'ledger', 'reports', 'projections'],
  'apps/web': ['ledger'],
};
/** Where a relative import may leave its own library or app. */
const mayReach: Record<string, readonly string[]> = { 'apps/cli': ['apps/api'] };
const mayUseNest = ['libs/cqrs', 'apps/api'];
const mayUseNothing = ['libs/ledger'];

const linesAtMost = { code: 400, spec: 500 };
const forbiddenNames = /(?:Manager|Helper|Helpers|Util|Utils|Common|Impl|Base)$/;
/** Files that only tests import: they may use what is installed for development. */
const forTests = (file: string) => /\.spec\.ts$|(?:^|[/-])(?:contract|given|testing)\.ts$|^test\//.test(file);

const root = normalize(join(import.meta.dirname, '../..'));
const { dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { dependencies: Record<string, string> };
const places = Object.keys(mayImport).filter((place) => existsSync(join(root, place)));
const placeOf = (file: string) => places.find((place) => file.startsWith(`${place}/`));
const files = [...places, 'test', '.']
  .flatMap((place) => filesIn(place, place !== '.'))
  .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }));
const sources = files.filter(({ path }) => path.endsWith('.ts'));

describe('the import directions', () => {
  offenders('are those of the table: a library reaches only what lies beneath it', sources, ({ path, text }) =>
    importsOf(text)
      .filter((name) => name.startsWith('#') && placeOf(path) && !allowed(path).includes(name))
      .map((name) => `imports ${name}; allowed: ${allowed(path).join(' ') || 'nothing'}`),
  );
  offenders('go through a library’s index, never by a relative path into another place', sources, ({ path, text }) =>
    importsOf(text)
      .filter((name) => name.startsWith('.') && placeOf(path))
      .map((name) => placeOf(normalize(join(dirname(path), name))) ?? 'a place outside libs and apps')
      .filter((target) => target !== placeOf(path) && !mayReach[placeOf(path)!]?.includes(target))
      .map((target) => `reaches into ${target}`),
  );
  offenders('leave the law alone with itself: no package, not even node:', sources, ({ path, text }) =>
    mayUseNothing.includes(placeOf(path) ?? '') && !forTests(path)
      ? importsOf(text)
          .filter((name) => !name.startsWith('.'))
          .map((name) => `imports ${name}`)
      : [],
  );
  offenders('keep Nest in the wiring and the API', sources, ({ path, text }) =>
    placeOf(path) && !mayUseNest.includes(placeOf(path)!) ? importsOf(text).filter((name) => name.startsWith('@nestjs/')) : [],
  );
  offenders('take nothing into the program that is installed for development only', sources, ({ path, text }) =>
    forTests(path)
      ? []
      : importsOf(text).filter((name) => /^[@a-z]/.test(name) && !name.startsWith('node:') && !(packageOf(name) in dependencies)),
  );
  offenders('end in .js, as Node wants them', sources, ({ text }) =>
    importsOf(text).filter((name) => name.startsWith('.') && !/\.(js|json)$/.test(name)),
  );
});

describe('every file', () => {
  offenders('opens with a comment: what for, who calls it, what it promises', files, ({ path, text }) =>
    /\.(ts|mjs)$/.test(path) && !/^(#!.*\n)?\s*\/[*/]/.test(text) ? ['opens without a comment'] : [],
  );
  offenders('is of a size that can be read in one go', files, ({ path, text }) => {
    const lines = text.trimEnd().split('\n').length;
    const most = forTests(path) ? linesAtMost.spec : linesAtMost.code;
    return lines > most ? [`${lines} lines, at most ${most}`] : [];
  });
  offenders('is named in kebab-case', files, ({ path }) =>
    placeOf(path) &&
    !path
      .slice(placeOf(path)!.length + 1)
      .split('/')
      .every((part) => /^[a-z0-9]+(?:[-.][a-z0-9]+)*$/.test(part))
      ? ['not kebab-case']
      : [],
  );
  offenders(
    'is finished: nothing left for later in a comment',
    files,
    ({ text }) => text.match(new RegExp('\\b(?:TO' + 'DO|FIX' + 'ME)\\b.*', 'g')) ?? [],
  );
  offenders('says what it is: no name that only says that it helps', sources, ({ path, text }) =>
    [...declaredIn(text), pascal(basename(path, extname(path)))].filter((name) => forbiddenNames.test(name) || /^I[A-Z][a-z]/.test(name)),
  );
  offenders('is no barrel, save the one index of a library', sources, ({ path, text }) => {
    const code = text
      .replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, '')
      .replace(/export\s[^;]*?\sfrom\s+'[^']+';/g, '')
      .trim();
    return !/^libs\/[a-z]+\/src\/index\.ts$/.test(path) && (code === '' || basename(path) === 'index.ts')
      ? ['only re-exports, or is an index']
      : [];
  });
});

describe('the lockfile', () => {
  it('holds every package for every platform, so that npm ci works elsewhere too', () => {
    const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
      packages: Record<string, { dependencies?: object; optionalDependencies?: object }>;
    };
    const missing = Object.entries(packages).flatMap(([path, { dependencies, optionalDependencies }]) =>
      Object.keys({ ...dependencies, ...optionalDependencies })
        .filter((name) => !foldersAbove(path).some((folder) => `${folder}node_modules/${name}` in packages))
        .map((name) => `${path || 'package.json'} wants ${name}`),
    );
    expect(missing).toEqual([]);
  });
});

type File = (typeof files)[number];

function offenders(rule: string, among: readonly File[], findings: (file: File) => readonly string[]) {
  it(rule, () => expect(among.flatMap((file) => findings(file).map((finding) => `${file.path}: ${finding}`))).toEqual([]));
}

function filesIn(folder: string, deep: boolean): string[] {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = normalize(join(folder, entry.name));
    if (entry.isDirectory()) return deep && entry.name !== 'node_modules' ? filesIn(path, deep) : [];
    return /\.(ts|tsx|mjs|js|css|html)$/.test(entry.name) ? [path] : [];
  });
}

/** Every module named in an import or export, also by `import(…)`; comments are passed over. */
function importsOf(text: string): string[] {
  const code = text.replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '');
  return [...code.matchAll(/(?:^\s*(?:import|export)\s(?:[^'";]*?\sfrom\s)?\s*|\bimport\()['"]([^'"]+)['"]/gm)].map(([, name]) => name!);
}

function declaredIn(text: string): string[] {
  return [...text.matchAll(/^\s*(?:export\s+)?(?:default\s+)?(?:abstract\s+)?(?:class|interface|type|enum|function)\s+(\w+)/gm)].map(
    ([, name]) => name!,
  );
}

function allowed(path: string): string[] {
  const place = placeOf(path) ?? '';
  return (mayImport[place] ?? []).map((name) => `#${name}`);
}

const packageOf = (name: string) =>
  name
    .split('/')
    .slice(0, name.startsWith('@') ? 2 : 1)
    .join('/');
const pascal = (name: string) => name.replace(/(?:^|[-.])(\w)/g, (_, letter: string) => letter.toUpperCase());

/** The folders whose node_modules a package at `path` of the lockfile sees, its own first. */
function foldersAbove(path: string): string[] {
  const folders = [''];
  for (const part of path.split('node_modules/').slice(1)) folders.unshift(`${folders[0]}node_modules/${part.replace(/\/$/, '')}/`);
  return folders;
}
