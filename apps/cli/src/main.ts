#!/usr/bin/env node
/**
 * `liggare`: switches on Node's cache of compiled code, which every later start has use of, and hands over to invocation.ts. A server on
 * Linux first starts over in its own process, with two of the C library's arenas instead of one for each thread, and a small room for
 * what is new on its heap.
 */
import { enableCompileCache } from 'node:module';

// What threads have freed stays with their arenas: a fifth of what was resident in an import of a million. Another fifth was room for new
// objects, which grows to 96 MB where Node is left to itself, and of which an import needs little. Both are read only when a process begins.
const serves = process.argv.some((word) => word === 'serve' || word === '--serve');
if (process.platform === 'linux' && serves && process.send === undefined && process.env['MALLOC_ARENA_MAX'] === undefined)
  process.execve!(process.execPath, [process.execPath, '--max-semi-space-size=8', ...process.execArgv, ...process.argv.slice(1)], {
    ...process.env,
    MALLOC_ARENA_MAX: '2',
  });

enableCompileCache();
await import('./invocation.js');
