/**
 * How much memory a server lets lie that is of no use any more; read when a process begins, so main.ts starts a server over with it. Measured
 * in an import of a million vouchers, of which a fifth of what was resident had been freed already, and another fifth was V8's room for what is new.
 */

/** The C library: two arenas instead of one for each thread, and what takes more than 128 KiB goes back as soon as it is freed. */
export const ALLOCATOR = { MALLOC_ARENA_MAX: '2', MALLOC_MMAP_THRESHOLD_: '131072' };

/** V8: halves of 8 MB for new objects, which grow to 32 where Node is left to itself. */
export const YOUNG = '--max-semi-space-size=8';
