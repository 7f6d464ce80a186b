/**
 * Every no and every fault leaves as problem+json (RFC 9457): the type is the refusal's name, the detail the catalogue's
 * sentence in the caller's language. One refusal, one status. Used by the app's filter and by the CLI, which never loads Nest for it.
 */
import type { FastifyReply } from 'fastify';
import { randomUUID } from 'node:crypto';
import { BODY_BYTES, isRefusalName, Refusal, sentence, type Language, type RefusalName, type Facts, type Finding } from '#ledger';
import { wire } from './wire.js';

export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly facts: unknown;
  /** Every fault of a malformed input by field, or of a refused file by row. */
  readonly errors?: readonly {
    readonly field?: string;
    readonly sheet?: string;
    readonly row?: number;
    readonly column?: string;
    readonly type: string;
    readonly detail: string;
    /** Of a file's row: the codes and amounts in the sentence, by name. */
    readonly facts?: { readonly [fact: string]: unknown };
  }[];
}

/** What is wrong with a file, where; a workbook has sheets. */
type FileFinding = Finding & { readonly sheet?: string; readonly column?: string };
/** What is wrong with a field of an input. */
export type Fault = { readonly field: string; readonly refusal: RefusalName; readonly facts: Facts };

const STATUS: { readonly [refusal in RefusalName]?: number } = {
  'text-missing': 400,
  'text-too-long': 400,
  'choice-unknown': 400,
  'amount-too-many-decimals': 400,
  'amount-too-large': 400,
  'mandate-incomplete': 400,
  'not-found': 404,
  'ledger-missing': 404,
  'seq-ahead': 409,
  'key-used-otherwise': 409,
  'grant-retired': 409,
  'grant-not-empty': 409,
  'period-closed': 409,
  'period-not-closed': 409,
  'already-corrected': 409,
  'reversal-is-final': 409,
  'recoding-not-correctable': 409,
  'voucher-recoded': 409,
  'line-of-a-corrected-voucher': 409,
  'unit-has-units': 409,
  'unit-ended': 409,
  'change-in-closed-period': 409,
  'file-other-book': 409,
  'file-already-imported': 409,
  'file-asks-consent': 409,
  'start-asks-consent': 409,
  'profile-ended': 409,
  'profile-fixed': 409,
  'finding-settled': 409,
  'import-open': 409,
  'import-elsewhere': 409,
  'import-not-open': 409,
  'import-incomplete': 409,
  'import-overtaken': 409,
  'number-taken': 409,
  'ledger-held': 409,
  'ledger-on-server': 400,
  'ledger-in-file': 400,
  'ledger-other-stream': 400,
  'store-address-malformed': 400,
  'originals-of-another-ledger': 409,
  'originals-missing': 409,
  'copy-place-taken': 409,
  'copy-overtaken': 409,
  'copy-import-open': 409,
  'copy-differs': 500,
  'request-foreign': 403,
  'body-too-large': 413,
  'event-too-large': 413,
  'media-type-unsupported': 415,
  'charset-unsupported': 415,
  'ledger-busy': 503,
  'store-unavailable': 503,
  'not-ready': 503,
  'too-many-writers': 503,
  'projection-behind': 503,
  'result-unknown': 503,
  'import-stopped': 503,
  'event-altered': 500,
  'event-newer': 500,
  'internal-error': 500,
};

/** The HTTP status of a refusal: 404 for what does not exist, 409 for a state in the way, 400 for what cannot be read, 422 for the other rules. */
export function statusOf(refusal: RefusalName): number {
  const named = STATUS[refusal];
  if (named !== undefined) return named;
  if (refusal.startsWith('field-') || refusal.endsWith('-malformed')) return 400;
  if (refusal.endsWith('-unknown')) return 404;
  return refusal.endsWith('-exists') ? 409 : 422;
}

/** The problem that a refusal makes. */
export function problemOf(refusal: Refusal, language: Language): Problem {
  const status = statusOf(refusal.refusal);
  const problem = {
    type: typeOf(refusal.refusal),
    title: refusal.refusal.replaceAll('-', ' '),
    status,
    detail: refusal.in(language),
    facts: wire(refusal.facts),
  };
  if (isFileRefused(refusal)) {
    const errors = refusal.findings.map(({ sheet, row, column, finding, facts }) => ({
      ...(sheet === undefined ? {} : { sheet }),
      row,
      ...(column ? { column } : {}),
      type: `urn:liggaren:refusal:${finding}`,
      detail: isRefusalName(finding) ? sentence(finding, facts, language) : finding,
      facts: wire(facts) as { readonly [fact: string]: unknown },
    }));
    // The first finding stands inside the sentence, in the language of whoever asks.
    const facts = { ...refusal.facts, first: errors[0]?.detail ?? '' };
    return { ...problem, detail: sentence(refusal.refusal, facts, language), facts: wire(facts), errors };
  }
  if (!isMalformed(refusal)) return problem;
  return {
    ...problem,
    errors: refusal.faults.map(({ field, refusal: name, facts }) => ({
      field,
      type: typeOf(name),
      detail: sentence(name, facts, language),
    })),
  };
}

const isFileRefused = (refusal: Refusal): refusal is Refusal & { readonly findings: readonly FileFinding[] } => 'findings' in refusal;
const isMalformed = (refusal: Refusal): refusal is Refusal & { readonly faults: readonly Fault[] } => 'faults' in refusal;

export const typeOf = (refusal: RefusalName): string => `urn:liggaren:refusal:${refusal}`;

/** Any error as a refusal: Fastify's and Nest's own in the catalogue's words, a fault of ours under a reference for the log. */
export function refusalOf(
  error: unknown,
  { method, url, type, wanted }: { method: string; url: string; type: string | undefined; wanted: string },
): Refusal {
  if (error instanceof Refusal) return error;
  const { status, statusCode } = error as { status?: number; statusCode?: number };
  const answered = statusCode ?? status;
  if (answered === 413) return new Refusal('body-too-large', { most: BODY_BYTES });
  if (answered === 415) return new Refusal('media-type-unsupported', { type: type ?? '', wanted });
  if (answered === 404) return new Refusal('route-unknown', { method, path: url.split('?')[0]!.slice(0, 200) });
  if (answered !== undefined && answered >= 400 && answered < 500)
    return new Refusal('input-malformed', { reason: (error as Error).message.slice(0, 200) });
  return new Refusal('internal-error', { reference: randomUUID() });
}

/** Sends a problem. */
export function sendProblem(reply: FastifyReply, problem: Problem): void {
  if (problem.status === 503) void reply.header('Retry-After', '1');
  void reply.status(problem.status).header('Content-Type', 'application/problem+json; charset=utf-8').send(JSON.stringify(problem));
}
