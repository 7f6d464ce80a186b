/**
 * Damages files: bytes flipped, cut, doubled, swapped, words of the grammar thrown in. Seeded, so that a number names a file
 * for ever; knows nothing of what reads it. Used by the fuzzers.
 */

/** Numbers below `bound`, always the same from the same seed. */
export type Chance = (bound: number) => number;

export function chanceFrom(seed: number): Chance {
  let state = (Math.imul(seed, 2_654_435_761) ^ 0x9e3779b9) >>> 0;
  return (bound) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % bound;
  };
}

/** Processor time that this process has used, ms: what hangs uses it up, and a machine that is busy with other things does not. */
export function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}

/** A damaged copy. @param words byte strings of the grammar, put in and over what stands there */
export function mutated(bytes: Uint8Array, chance: Chance, words: readonly Uint8Array[]): Uint8Array {
  let file = bytes;
  for (let left = 1 + chance(8); left > 0; left -= 1) file = MUTATIONS[chance(MUTATIONS.length)]!(file, chance, words);
  return file;
}

type Mutation = (bytes: Uint8Array, chance: Chance, words: readonly Uint8Array[]) => Uint8Array;

const MUTATIONS: readonly Mutation[] = [
  (bytes, chance) => changed(bytes, (copy) => (copy[chance(copy.length + 1)] = chance(256))),
  (bytes, chance) => changed(bytes, (copy) => (copy[chance(copy.length + 1)]! ^= 1 << chance(8))),
  (bytes, chance) => bytes.subarray(0, chance(bytes.length + 1)),
  (bytes, chance) => bytes.subarray(chance(Math.min(200, bytes.length) + 1)),
  (bytes, chance) => spliced(bytes, chance(bytes.length + 1), chance(40), new Uint8Array(0)),
  (bytes, chance, words) => spliced(bytes, chance(bytes.length + 1), 0, words[chance(words.length)]!),
  (bytes, chance, words) => {
    const word = words[chance(words.length)]!;
    return spliced(bytes, chance(bytes.length + 1), word.length, word);
  },
  // a line doubled, left out, or moved
  (bytes, chance) => {
    const [from, to] = line(bytes, chance);
    return spliced(bytes, to, 0, bytes.subarray(from, to));
  },
  (bytes, chance) => {
    const [from, to] = line(bytes, chance);
    return spliced(bytes, from, to - from, new Uint8Array(0));
  },
  (bytes, chance) => {
    const [from, to] = line(bytes, chance);
    const moved = bytes.slice(from, to);
    const without = spliced(bytes, from, to - from, new Uint8Array(0));
    return spliced(without, chance(without.length + 1), 0, moved);
  },
  // a run of one byte
  (bytes, chance) => spliced(bytes, chance(bytes.length + 1), 0, new Uint8Array(1 + chance(300)).fill(chance(256))),
  // line ends of another kind
  (bytes, chance) => changed(bytes, (copy) => copy.forEach((byte, at) => byte === 10 && chance(4) === 0 && (copy[at] = 13))),
  // a part of the file again
  (bytes, chance) => {
    const from = chance(bytes.length + 1);
    return spliced(bytes, chance(bytes.length + 1), 0, bytes.slice(from, from + chance(400)));
  },
];

function changed(bytes: Uint8Array, change: (copy: Uint8Array) => unknown): Uint8Array {
  const copy = bytes.slice();
  change(copy);
  return copy;
}

function spliced(bytes: Uint8Array, at: number, removed: number, added: Uint8Array): Uint8Array {
  const rest = bytes.subarray(at + removed);
  const copy = new Uint8Array(at + added.length + rest.length);
  copy.set(bytes.subarray(0, at));
  copy.set(added, at);
  copy.set(rest, at + added.length);
  return copy;
}

/** Where some line begins and ends. */
function line(bytes: Uint8Array, chance: Chance): readonly [number, number] {
  const at = chance(bytes.length + 1);
  const from = bytes.lastIndexOf(10, Math.max(0, at - 1)) + 1;
  const end = bytes.indexOf(10, at);
  return [Math.min(from, bytes.length), end < 0 ? bytes.length : end + 1];
}
