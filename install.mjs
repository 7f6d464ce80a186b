/**
 * Makes a clone ready to run: packages where they are missing or other than package-lock.json says, the pinned Node,
 * and the compiled program where a source has changed. `npm start`, `npm test` and `npm run dev` call it first; it needs
 * Node 18 and nothing else, says what it does, and ends with a sentence and exit code 1 where it cannot go on.
 *
 *   node install.mjs            packages and build, each only if needed
 *   node install.mjs --test     the same, closing with `0 passed, 1 failed` where it fails
 *   node install.mjs --sweep    only removes compiled files whose source is gone (`npm run build` does this first)
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs, { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('.', import.meta.url));
const at = (...parts) => join(root, ...parts);
const bin = at('node_modules', '.bin');
const windows = process.platform === 'win32';
const say = (text) => process.stderr.write(`${text}\n`);

class Stop extends Error {}

function main() {
  if (process.argv.includes('--sweep')) return sweep();
  const major = Number(process.versions.node.split('.')[0]);
  if (major < 18) throw new Stop(`This machine's Node is ${process.version}; installing takes Node 18 or later (https://nodejs.org).`);
  if (/yarn|pnpm|bun/.test(process.env.npm_config_user_agent ?? '')) {
    throw new Stop('This project is installed with npm, which honours its package-lock.json: run `npm start` or `npm test`.');
  }
  if (ready()) return;
  const unlock = lock();
  try {
    installPackages();
    build();
  } finally {
    unlock();
  }
}

const ready = () => packagesMatch() && pinnedNodeRuns() && isBuilt();

// ---- packages

const npmCi = ['ci', '--loglevel=error', '--no-audit', '--no-fund', '--include=dev', '--engine-strict=false'];
npmCi.push('--fetch-retry-mintimeout=2000', '--fetch-retry-maxtimeout=8000');

function installPackages() {
  if (!packagesMatch()) {
    const started = Date.now();
    say(
      `Installing packages (${existsSync(at('node_modules')) ? 'node_modules is not what package-lock.json says' : 'once, about half a minute'}) …`,
    );
    const ping = runNpm(['ping', '--loglevel=error', '--fetch-retries=1', '--fetch-retry-mintimeout=1000', '--fetch-timeout=20000']);
    if (unreachable.test(ping.stderr)) throw new Stop(`${reason(ping)}${ownWords(ping)}`); // npm ci itself would try for minutes
    let npm = runNpm(npmCi);
    // An npm that outlived a killed install may still be writing here: give it time, then begin again.
    for (let tries = 0; npm.status !== 0 && /ENOTEMPTY/.test(npm.stderr) && tries < 3; tries++) {
      sleep(10_000);
      npm = runNpm(npmCi);
    }
    if (npm.status !== 0) throw new Stop(`${reason(npm)}${ownWords(npm)}`);
    say(`Installed in ${seconds(started)} s.`);
  }
  if (!pinnedNodeRuns()) fetchPinnedNode();
}

/** Whether node_modules holds exactly what package-lock.json names; npm writes its own account of the folder last of all. */
function packagesMatch() {
  const wanted = readJson(at('package-lock.json'))?.packages;
  const found = readJson(at('node_modules', '.package-lock.json'))?.packages;
  if (!wanted || !found) return false;
  const same = (path) => wanted[path]?.version === found[path].version && wanted[path]?.integrity === found[path].integrity;
  return (
    Object.keys(found).every(same) &&
    Object.keys(wanted).every((path) => path === '' || path in found || wanted[path].optional || wanted[path].devOptional)
  );
}

const pinnedVersion = () => readJson(at('package-lock.json')).packages['node_modules/node'].version;

function pinnedNodeRuns() {
  if (!existsSync(join(bin, windows ? 'node.cmd' : 'node'))) return false;
  const node = spawnSync(join(bin, windows ? 'node.cmd' : 'node'), ['--version'], { encoding: 'utf8', shell: windows });
  return node.status === 0 && node.stdout.trim() === `v${pinnedVersion()}`;
}

/** npm can be told to run no install scripts (`ignore-scripts`); then the package `node` is there, but its program is not. */
function fetchPinnedNode() {
  say(`The install script of the package \`node\` did not run; fetching Node ${pinnedVersion()} …`);
  const script = spawnSync(process.execPath, ['installArchSpecificPackage.js'], {
    cwd: at('node_modules', 'node'),
    encoding: 'utf8',
    env: outerEnv(),
  });
  if (script.status === 0) runNpm(['rebuild', 'node', '--ignore-scripts', '--loglevel=error']);
  if (pinnedNodeRuns()) return;
  throw new Stop(
    `Node ${pinnedVersion()} could not be installed: ${reason(script)}\n` +
      'It comes with the npm package `node`, whose install script must be allowed to run (`npm config get ignore-scripts` should say false;\n' +
      '`allowScripts` in package.json names it) and whose program must suit this machine. Then: rm -rf node_modules and try again.' +
      ownWords(script),
  );
}

/** The npm that runs us, else the one in PATH; never with the Node inside node_modules, which is about to be replaced. */
function runNpm(args, stdio = ['ignore', 'ignore', 'pipe']) {
  const cli = process.env.npm_execpath;
  const options = { cwd: root, env: outerEnv(), encoding: 'utf8', stdio, maxBuffer: 64 << 20 };
  if (!cli || !/npm-cli\.c?js$/.test(cli)) return spawnSync('npm', args, { ...options, shell: windows });
  const node = process.env.npm_node_execpath;
  return spawnSync(node && !node.startsWith(at('node_modules')) && existsSync(node) ? node : 'node', [cli, ...args], options);
}

function outerEnv() {
  const env = { ...process.env };
  const key = Object.keys(env).find((name) => name.toUpperCase() === 'PATH') ?? 'PATH';
  env[key] = (env[key] ?? '')
    .split(delimiter)
    .filter((folder) => !folder.startsWith(at('node_modules')))
    .join(delimiter);
  return env;
}

const unreachable = /ENOTFOUND|EAI_AGAIN|ENETUNREACH|EHOSTUNREACH|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ERR_SOCKET_TIMEOUT/;

/** What most likely went wrong, as a sentence that says what to do. */
function reason({ error, stderr }) {
  const text = `${error?.code ?? ''} ${stderr ?? ''} ${freeMegabytes() < 100 ? 'ENOSPC' : ''}`;
  const causes = [
    [/spawn npm|npm ENOENT|^ENOENT/, 'npm was not found in PATH; it comes with Node (https://nodejs.org).'],
    [/ENOSPC|EDQUOT/, 'The disk is full: the packages take about 500 MB. Make room and try again.'],
    [
      unreachable,
      'The npm registry cannot be reached. The first start needs the network (or a proxy, `npm config set proxy …`); later ones do not.',
    ],
    [
      /CERT|certificate|SELF_SIGNED/,
      'The npm registry showed a certificate that this machine does not trust; behind a company proxy, `npm config set cafile …` helps.',
    ],
    [/EACCES|EPERM|EROFS/, `This user may not write in ${root} or in npm's cache.`],
    [/EUSAGE|in sync/, 'package.json and package-lock.json do not agree; run `npm install` and commit the lockfile.'],
    [/EINTEGRITY/, 'A package came with other content than package-lock.json says. `npm cache clean --force`, then try again.'],
    [/E401|E403|ENEEDAUTH/, 'The npm registry refused to hand out a package (sign-in or permission).'],
    [/E404|ETARGET/, 'The npm registry does not have a package that package-lock.json names; is another registry set in .npmrc?'],
  ];
  return causes.find(([pattern]) => pattern.test(text))?.[1] ?? 'npm could not install the packages.';
}

function ownWords({ error, stderr }) {
  const lines = (stderr || String(error ?? '')).trim().split('\n');
  const telling = lines.filter((line) => !/complete log|^npm warn|^npm error\s*$|^npm error\s+at /.test(line));
  return `\n\nnpm's own words:\n${telling.slice(0, 12).join('\n')}`;
}

/** What is left on the disk of this clone; npm names a full disk only in warnings, if at all. */
function freeMegabytes() {
  try {
    const { bavail, bsize } = fs.statfsSync(root);
    return (bavail * bsize) / 2 ** 20;
  } catch {
    return Infinity;
  }
}

// ---- build

const stamp = at('dist', '.built');
const folders = ['apps', 'libs', 'test'];

function build() {
  if (isBuilt()) return;
  const started = Date.now();
  const print = fingerprint();
  say('Building …');
  rmSync(stamp, { force: true });
  const npm = runNpm(['run', '--silent', 'build'], ['ignore', 2, 2]);
  if (npm.status !== 0) throw new Stop('The program does not compile; the errors stand above.');
  mkdirSync(at('dist'), { recursive: true });
  writeFileSync(stamp, print);
  say(`Built in ${seconds(started)} s.`);
}

const isBuilt = () => existsSync(stamp) && readFileSync(stamp, 'utf8') === fingerprint();

/** Names, sizes and times of all sources: any change, also one taken away, gives another. */
function fingerprint() {
  const hash = createHash('sha256');
  for (const file of ['package-lock.json', 'package.json', 'tsconfig.json', ...folders.flatMap(filesIn)]) {
    const { size, mtimeMs } = statSync(at(file));
    hash.update(`${file} ${size} ${mtimeMs}\n`);
  }
  return hash.digest('hex');
}

/** Removes what was compiled from a source that is gone, a deleted spec above all; dist/apps, dist/libs and dist/test are tsc's alone. */
function sweep() {
  const memory = at('dist', '.tsbuildinfo');
  for (const folder of folders) {
    for (const file of filesIn(join('dist', folder))) {
      const source = /^dist.(.*)\.(?:js|js\.map|d\.ts|d\.ts\.map)$/.exec(file)?.[1];
      if (source && !existsSync(at(`${source}.ts`)) && !existsSync(at(`${source}.tsx`))) rmSync(at(file), { force: true });
    }
  }
  // tsc does not look whether what it wrote is still there: forget what it remembers where something is missing.
  const remembered = readJson(memory)?.fileNames ?? [];
  const missing = (name) =>
    /^\.\.\/(?:apps|libs|test)\/.*\.ts$/.test(name) && existsSync(at('dist', name)) && !existsSync(at('dist', name.slice(3, -2) + 'js'));
  if (remembered.some(missing)) rmSync(memory, { force: true });
}

function filesIn(folder) {
  if (!existsSync(at(folder))) return [];
  const found = [];
  for (const entry of readdirSync(at(folder), { withFileTypes: true })) {
    if (entry.name === 'node_modules') continue;
    if (entry.isDirectory()) found.push(...filesIn(join(folder, entry.name)));
    else found.push(join(folder, entry.name));
  }
  return found.sort();
}

// ---- one at a time

/** Waits while another install works in this clone; a lock whose process is gone is taken over. Gives back the unlock. */
function lock() {
  const file = at('dist', '.installing');
  mkdirSync(at('dist'), { recursive: true });
  for (let waits = 0; ; waits++) {
    try {
      writeFileSync(file, String(process.pid), { flag: 'wx' });
      return () => rmSync(file, { force: true });
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    const holder = holderOf(file);
    if (holder === null) continue;
    if (!alive(holder)) takeAway(file, holder);
    else if (waits === 0) say(`Another install (process ${holder}) is at work in this clone; waiting for it …`);
    sleep(250);
  }
}

function holderOf(file) {
  try {
    return Number(readFileSync(file, 'utf8')) || (Date.now() - statSync(file).mtimeMs < 5000 ? process.pid : -1);
  } catch {
    return null;
  }
}

function alive(pid) {
  if (pid <= 0) return false;
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/** By rename, so that of two who saw the same dead holder only one removes its lock. */
function takeAway(file, holder) {
  const mine = `${file}.${process.pid}`;
  try {
    if (holderOf(file) !== holder) return;
    renameSync(file, mine);
    rmSync(mine, { force: true });
  } catch {
    // another waiter was first
  }
}

// ---- small things

function readJson(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return null;
  }
}

const sleep = (ms) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
const seconds = (started) => ((Date.now() - started) / 1000).toFixed(1);
try {
  main();
} catch (error) {
  const disk = ['ENOSPC', 'EACCES', 'EROFS', 'EPERM'].includes(error.code);
  say(`\n${error instanceof Stop ? error.message : disk ? `${reason({ error })} (${error.message})` : error.stack}`);
  if (process.argv.includes('--test')) process.stdout.write('0 passed, 1 failed\n');
  process.exitCode = 1;
}
