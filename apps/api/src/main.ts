/** Starts the server over an existing ledger, for `npm run dev` and containers: LIGGARE_LEDGER (./ledger) and PORT (3000). */
import 'reflect-metadata';
import { Refusal } from '#ledger';
import { listen, openApp } from './app.js';

try {
  const folder = process.env['LIGGARE_LEDGER'] ?? './ledger';
  const app = await openApp({ folder, report: (what) => process.stderr.write(`${what}\n`) });
  app.enableShutdownHooks();
  const address = await listen(app, {
    port: Number(process.env['PORT'] ?? 3000),
    ...(process.env['HOST'] ? { host: process.env['HOST'] } : {}),
  });
  process.stdout.write(`${address}\n`);
} catch (error) {
  process.stderr.write(`${error instanceof Refusal ? error.in('sv') : String(error)}\n`);
  process.exitCode = 3;
}
