/**
 * Cuts the power of a process: builds power-cut.c and hands out the environment under which a child leaves, beside its folder, a shadow
 * with only what it had synced. For every spec that asks what is left after a cut; needs Linux and a C compiler, and says so where they miss.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface PowerCut {
  /** Why no power can be cut here, null where it can. */
  readonly unavailable: string | null;
  /**
   * A place to live in until the cut. Run one process under `env` (spawned with this node), writing in `folder` only; after its death
   * `shadow` is the disk.
   * @param after the shadow of an earlier cut that life goes on from; without it everything is empty
   * @param leak 0 to 1: how much of what was not synced reaches the disk all the same, torn and in any order, as `seed` has it
   */
  place(options?: { after?: Place; leak?: number; seed?: number }): Place;
  /** Removes everything. */
  remove(): void;
}

export interface Place {
  readonly folder: string;
  readonly shadow: string;
  readonly env: NodeJS.ProcessEnv;
  /** While a file of this name exists, every sync of a file in the folder fails with EIO. */
  readonly broken: string;
}

export function powerCut(): PowerCut {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'liggaren-power-')));
  const library = join(root, 'power-cut.so');
  const unavailable = built(library);
  let places = 0;
  return {
    unavailable,
    place({ after, leak = 0, seed = 1 } = {}) {
      const folder = join(root, `${++places}`);
      const shadow = join(root, `${places}.shadow`);
      for (const made of [folder, shadow])
        if (after) cpSync(after.shadow, made, { recursive: true });
        else mkdirSync(made);
      mkdirSync(`${shadow}.inodes`);
      const broken = join(root, `${places}.broken`);
      const env = {
        LD_PRELOAD: library,
        POWER_CUT_FOLDER: folder,
        POWER_CUT_SHADOW: shadow,
        POWER_CUT_LEAK: `${leak}`,
        POWER_CUT_SEED: `${seed}`,
      };
      return { folder, shadow, broken, env: { ...env, POWER_CUT_BROKEN: broken, UV_USE_IO_URING: '0' } };
    },
    remove: () => rmSync(root, { recursive: true }),
  };
}

function built(library: string): string | null {
  if (process.platform !== 'linux') return `the power is cut with LD_PRELOAD, which ${process.platform} has not`;
  const source = join(import.meta.dirname, '../../../test/power-cut/power-cut.c');
  const { status, error, stderr } = spawnSync('cc', [
    '-O1',
    '-fPIC',
    '-shared',
    '-U_FORTIFY_SOURCE',
    '-o',
    library,
    source,
    '-ldl',
    '-lpthread',
  ]);
  if (error) return 'there is no C compiler (cc)';
  if (status !== 0) throw new Error(`power-cut.c does not compile: ${String(stderr)}`);
  return null;
}
