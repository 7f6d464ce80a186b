/**
 * Starts the server over an existing ledger, for `npm run dev` and containers: LIGGARE_LEDGER (./ledger), LIGGARE_STORE, PORT (3000) and
 * LIGGARE_LOG.
 */
import 'reflect-metadata';
import { Refusal } from '#ledger';
import { listen, openApp } from './app.js';
import { serverLog } from './log.js';

const log = serverLog();
try {
  const folder = process.env['LIGGARE_LEDGER'] ?? './ledger';
  const app = await openApp({ folder, store: process.env['LIGGARE_STORE'], measured: true, report: log });
  app.enableShutdownHooks();
  const address = await listen(app, {
    port: Number(process.env['PORT'] ?? 3000),
    ...(process.env['HOST'] ? { host: process.env['HOST'] } : {}),
  });
  process.stdout.write(`${address}\n`);
  log(`the server listens at ${address}`, 'start', { address });
} catch (error) {
  process.stderr.write(`${error instanceof Refusal ? error.in('sv') : String(error)}\n`);
  process.exitCode = 3;
}
