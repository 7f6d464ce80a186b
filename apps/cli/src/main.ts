#!/usr/bin/env node
/** `liggare`: switches on Node's cache of compiled code, which every later start has use of, and hands over to invocation.ts. */
import { enableCompileCache } from 'node:module';

enableCompileCache();
await import('./invocation.js');
