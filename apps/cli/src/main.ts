#!/usr/bin/env node
/**
 * `liggare`: switches on Node's cache of compiled code, which every later start has use of, and hands over to invocation.ts. A server on
 * Linux first starts over in its own process, to let less memory lie unused (room.ts).
 */
import { enableCompileCache } from 'node:module';
import { ALLOCATOR, YOUNG } from './room.js';

const serves = process.argv.some((word) => word === 'serve' || word === '--serve');
if (process.platform === 'linux' && serves && process.send === undefined && process.env['MALLOC_ARENA_MAX'] === undefined)
  process.execve!(process.execPath, [process.execPath, YOUNG, ...process.execArgv, ...process.argv.slice(1)], {
    ...process.env,
    ...ALLOCATOR,
  });

enableCompileCache();
await import('./invocation.js');
