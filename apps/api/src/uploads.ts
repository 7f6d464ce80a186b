/** Files as they are sent in: as what, as a stream, and to its end also where nobody wants it any more. Used by the doors of imports and start. */
import type { FastifyRequest } from 'fastify';
import { Readable } from 'node:stream';
import { refuse } from '#ledger';

export const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
/** What uploads may be sent as. What a file is, is seen in its bytes. */
export const UPLOAD_TYPES = ['application/octet-stream', 'text/csv', 'text/plain', XLSX];

/** The body as a stream · refuses `media-type-unsupported`. */
export function streamIn({ body, headers }: FastifyRequest): Readable {
  if (body instanceof Readable) return body;
  return refuse('media-type-unsupported', { type: headers['content-type'] ?? '', wanted: UPLOAD_TYPES.join(', ') });
}

/** How long a client may go on sending a file that was refused. */
const PATIENCE_MS = 60_000;

/** Reads on to the end of a file that nobody wants any more: a client that is still sending does not hear the answer. */
export async function readToEnd(body: unknown): Promise<void> {
  if (!(body instanceof Readable) || body.readableEnded || body.destroyed) return;
  await new Promise<void>((ended) => {
    const timer = setTimeout(() => body.destroy(), PATIENCE_MS).unref();
    const end = () => {
      clearTimeout(timer);
      ended();
    };
    body.once('end', end).once('close', end).once('error', end).resume();
  });
}
