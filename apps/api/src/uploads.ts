/** Files as they are sent in: where, as what, as a stream, and to its end also where nobody wants it any more. Used by the doors of imports and start. */
import { applyDecorators } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { ApiConsumes } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Readable } from 'node:stream';
import { Refusal } from '#ledger';

export const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
/** What uploads may be sent as. What a file is, is seen in its bytes. */
export const UPLOAD_TYPES = ['application/octet-stream', 'text/csv', 'text/plain', XLSX];

/** A route that takes a file, and only there is a body handed on as a stream. */
export const Uploads = () => applyDecorators(RouteConfig({ uploads: true }), ApiConsumes(...UPLOAD_TYPES));

const takesUploads = ({ routeOptions }: FastifyRequest): boolean =>
  (routeOptions.config as { readonly uploads?: boolean }).uploads === true;

/** The media types that the route of the request takes. */
export const wantedBy = (request: FastifyRequest): string => (takesUploads(request) ? UPLOAD_TYPES.join(', ') : 'application/json');

/** The body of an upload, not read yet, as Fastify's parser of `UPLOAD_TYPES` · refuses `media-type-unsupported` at any other route. */
export function unread(request: FastifyRequest, body: Readable, done: (error: Error | null, body?: unknown) => void): void {
  done(takesUploads(request) ? null : unsupported(request), body);
}

/** The body as a stream · refuses `media-type-unsupported`. */
export function streamIn(request: FastifyRequest): Readable {
  if (request.body instanceof Readable) return request.body;
  throw unsupported(request);
}

const unsupported = (request: FastifyRequest): Refusal =>
  new Refusal('media-type-unsupported', { type: request.headers['content-type'] ?? '', wanted: wantedBy(request) });

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
