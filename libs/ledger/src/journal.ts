/**
 * What lets the state be changed in place and still be taken back: while a decision is not yet durable, every change
 * leaves its opposite here. A fold over stored events records nothing and runs at full speed.
 */
export class Journal {
  #opposites: (() => void)[] = [];
  #recording = false;

  get recording(): boolean {
    return this.#recording;
  }

  /** Starts to remember; everything before this is durable. */
  record(): void {
    this.#recording = true;
  }

  /** Stops to remember: what comes is read from the log and durable already. */
  pause(): void {
    this.#recording = false;
    this.#opposites = [];
  }

  /** A place to come back to. */
  mark(): number {
    return this.#opposites.length;
  }

  /** Remembers how to undo a change, where anybody will ask. */
  note(opposite: () => void): void {
    if (this.#recording) this.#opposites.push(opposite);
  }

  /** Takes back every change since the mark, the last first. */
  undoTo(mark: number): void {
    while (this.#opposites.length > mark) this.#opposites.pop()!();
  }

  /** Everything until here is durable: forgets the opposites. */
  keep(): void {
    this.#opposites = [];
  }
}

/** A map whose changes can be taken back. Its values are replaced, never changed in place. */
export class Table<V> {
  readonly #rows: Map<string, V>;
  constructor(
    readonly journal: Journal,
    rows: Iterable<readonly [string, V]> = [],
  ) {
    this.#rows = new Map(rows);
  }

  get size(): number {
    return this.#rows.size;
  }
  get(key: string): V | undefined {
    return this.#rows.get(key);
  }
  has(key: string): boolean {
    return this.#rows.has(key);
  }
  keys(): IterableIterator<string> {
    return this.#rows.keys();
  }
  entries(): IterableIterator<[string, V]> {
    return this.#rows.entries();
  }

  set(key: string, value: V): void {
    if (this.journal.recording) {
      const before = this.#rows.get(key); // undefined where there was none: no value is
      this.journal.note(() => (before === undefined ? this.#rows.delete(key) : this.#rows.set(key, before)));
    }
    this.#rows.set(key, value);
  }

  delete(key: string): void {
    const before = this.#rows.get(key);
    if (!this.#rows.delete(key)) return;
    this.journal.note(() => this.#rows.set(key, before!));
  }
}

/** Sums in öre by key; a key that was never added to is zero. */
export class Sums extends Table<bigint> {
  of(key: string): bigint {
    return this.get(key) ?? 0n;
  }
  add(key: string, ore: number | bigint): void {
    this.set(key, this.of(key) + BigInt(ore));
  }
}
