/**
 * A region's start (R49): a filled-in workbook read into units, grants, decisions, account classes and carried-in amounts. All of it or
 * nothing: every command is tried before the first is sent, and the same workbook again registers nothing twice. Called by the doors.
 */
import { createHash, hash, randomUUID } from 'node:crypto';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  canonical,
  checkedYear,
  ConsentToStart,
  FINDINGS_LISTED,
  Refusal,
  sentence,
  textOf,
  type CodeMapping,
  type Command,
  type Finding,
  type Json,
} from '#ledger';
import type { Acknowledgement, Caller, LedgerCommands } from '#eventstore';
import { consentTo } from '../intake.js';
import { onDisk, Originals } from '../originals.js';
import type { FileBytes } from '../source.js';
import { tieCarriedIn } from './carried-in-ties.js';
import { rehearse, type Tried } from './rehearsal.js';
import { sieFactsOf, type Dimensions, type SieFacts } from './sie-facts.js';
import { planStart, type StartAsked, type StartItem, type StartPlan } from './start-plan.js';
import { readStartRows, type StartFinding, type Tell } from './start-rows.js';

export type StartRequest = {
  readonly caller: Caller;
  /** The ledger's first year: carried-in amounts are posted in the last closing period of the one before. */
  readonly year: number;
  /** The name that the user knows the workbook by. */
  readonly name: string;
  /** Says what would be registered, and stores nothing. */
  readonly dryRun?: boolean;
  /** A SIE file: names for units and grants that have none in the workbook, and opening balances to tie to. */
  readonly sie?: FileBytes;
  readonly dimensions?: Partial<Dimensions>;
  /** The profile whose mapping of units the sheet Ansvar becomes, by a new version from the year's first day; none is touched where left out. */
  readonly profile?: string;
  /** What an earlier refusal asked for: lets the workbook differ from the SIE file's opening balances in exactly what it listed. */
  readonly consent?: string;
  /** Why it may; stored with who consented to which differences. */
  readonly reason?: string;
};

export type StartResult = {
  readonly outcome: 'registered' | 'nothing-new' | 'dry-run';
  /** Of the workbook. */
  readonly sha256: string;
  /** What was (or in a dry run would be) registered, in that order. */
  readonly registered: readonly StartItem[];
  readonly already: readonly StartItem[];
  /** What is worth a look: warnings of the ledger, carried-in amounts that are not tied. */
  readonly findings: readonly StartFinding[];
  /** Where what is carried in differs from the SIE file's opening balances, and the consent that this needs; none and null where it does not. */
  readonly asks: readonly StartFinding[];
  readonly consent: string | null;
  /** By what the differences that were consented to are listed among the findings, `start-12`; null where none were. */
  readonly consented: string | null;
  /** The sheet Ansvar, as the mapping of units of a profile. */
  readonly responsibilities: readonly CodeMapping[];
  /** References of the vouchers written. */
  readonly vouchers: readonly string[];
  /** The ledger's position when it answered. */
  readonly seq: number;
};

/** A workbook of which nothing was registered, with what was wrong by sheet, row and column. */
export class StartRefused extends Refusal {
  constructor(
    readonly findings: readonly StartFinding[],
    readonly findingsInAll: number,
    /** Said with the same workbook, it lets it do what is listed; null where something is wrong with the workbook. */
    readonly consent: string | null = null,
  ) {
    super(...inOneSentence(findings, findingsInAll, consent));
  }
}

function inOneSentence(
  findings: readonly StartFinding[],
  findingsInAll: number,
  consent: string | null,
): ConstructorParameters<typeof Refusal> {
  if (consent !== null) return ['start-asks-consent', { asks: findingsInAll, consent }];
  const { sheet, row, column, finding, facts } = findings[0]!;
  return ['start-refused', { findingsInAll, sheet, row, column, first: sentence(finding, facts, 'sv') }];
}

/** Commands that are handed over at once: they share an append as far as it holds. */
const AT_ONCE = 500;

export class Starts {
  readonly #incoming: string;
  readonly #originals: Originals;

  /** @param folder the ledger's folder: the workbook is kept beside the originals of imports, for it is the document behind what is carried in (R10) */
  constructor(
    folder: string,
    private readonly commands: LedgerCommands,
  ) {
    this.#incoming = join(folder, 'incoming');
    this.#originals = new Originals(folder);
  }

  /**
   * Reads a start workbook and registers what is not there already.
   * @param workbook the bytes of an .xlsx file as {@link writeStartTemplate} gives it, filled in
   * @throws StartRefused with every finding, and nothing is registered · Refusal `workbook-unreadable`, `workbook-too-large`, `workbook-protected`, `year-malformed`, `text-missing` (the name; why, where it is consented to), `store-unavailable` …
   */
  async read(workbook: Uint8Array, request: StartRequest): Promise<StartResult> {
    const { caller, year, name, dryRun = false } = request;
    checkedYear(year);
    textOf('file', name);
    const sha256 = createHash('sha256').update(workbook).digest('hex');
    const [errors, notices, differences] = [new Findings(), new Findings(), new Findings()];
    const rows = await readStartRows(workbook, errors.tell);
    const sie = request.sie && sieOf(request.sie, request.dimensions, errors.tell);
    const { plan, tried, seq } = await this.commands.look((ledger) => {
      const asked: StartAsked = { ...request, file: name, names: sie?.names ?? { units: new Map(), grants: new Map() } };
      const planned = planStart(rows, ledger, asked, errors.tell, notices.tell);
      if (sie) tieCarriedIn(rows, sie, { ledger, asked }, differences.tell, notices.tell);
      return {
        plan: planned,
        tried: rehearse(
          ledger,
          planned.steps.map(({ command }) => command),
        ),
        seq: ledger.seq,
      };
    });
    say(plan, tried, errors.tell, notices.tell);
    if (errors.inAll > 0) throw new StartRefused(errors.listed, errors.inAll);
    const { steps, already, responsibilities } = plan;
    const asks = steps.length > 0 ? differences.listed : [];
    const consent =
      asks.length > 0
        ? consentTo(
            sha256,
            asks.map((ask) => ({ ...ask, mark: JSON.stringify(ask) })),
          )
        : null;
    if (consent !== null && consent !== request.consent && !dryRun) throw new StartRefused(asks, differences.inAll, consent);
    const reason = consent === null || dryRun ? '' : textOf('reason', request.reason);
    const registered = steps.map(({ sheet, row, code }) => ({ sheet, row, code }));
    const findings = steps.length > 0 ? notices.listed : [...differences.listed, ...notices.listed];
    const result = { sha256, registered, already, findings, asks, consent, responsibilities, vouchers: [], consented: null, seq };
    if (dryRun) return { ...result, outcome: 'dry-run' };
    if (steps.length === 0) return { ...result, outcome: 'nothing-new' };
    const consented =
      consent === null
        ? []
        : [new ConsentToStart({ sha256, bytes: workbook.length, year, findings: asks.map(asFinding), file: name, reason })];
    const acknowledged: Acknowledgement[] = [];
    await this.#keeping(workbook, sha256, async () => {
      acknowledged.push(
        ...(await sent(
          [...consented, ...steps.map(({ command }) => command)], // in that order: nothing rests on what nobody has consented to
          this.commands,
          { caller, source: `start:${sha256}` },
        )),
      );
    });
    return {
      ...result,
      outcome: 'registered',
      consented: consented.length > 0 ? `start-${acknowledged[0]!.seq}` : null,
      vouchers: acknowledged.flatMap(({ vouchers }) => vouchers),
      seq: this.commands.seq,
    };
  }

  /** The workbook is durable before anything rests on it. */
  async #keeping(workbook: Uint8Array, sha256: string, register: () => Promise<unknown>): Promise<void> {
    const path = join(this.#incoming, randomUUID());
    await onDisk(() => mkdir(this.#incoming, { recursive: true }));
    try {
      await onDisk(() => writeFile(path, workbook, { mode: 0o600 }));
      await this.#originals.keep(path, sha256, register);
    } finally {
      await rm(path, { force: true });
    }
  }
}

/** A difference as an event holds it. */
const asFinding = ({ sheet, row, finding, facts }: StartFinding): Finding => ({ row, finding, facts: { sheet, ...facts } });

/** What a SIE file says; that it is none refuses the start, for who named it wants to be tied to it. */
function sieOf(file: FileBytes, dimensions: Partial<Dimensions> | undefined, tell: Tell): SieFacts {
  const facts = sieFactsOf(file, dimensions);
  for (const { line, name, facts: of } of facts.errors) tell('SIE', line, '', name, of);
  return facts;
}

/** What the trial came to, by the row and column that each command stands for. */
function say({ steps }: StartPlan, tried: readonly Tried[], tell: Tell, notice: Tell): void {
  for (const [at, { sheet, row, columns }] of steps.entries()) {
    const came = tried[at]!;
    if ('refusal' in came) tell(sheet, row, columns[came.refusal.refusal] ?? '', came.refusal.refusal, came.refusal.facts);
    else for (const { warning, facts } of came.warnings) notice(sheet, row, '', warning as StartFinding['finding'], facts);
  }
}

/**
 * Hands the commands over, so many at once that they share an append. Each key is its content's, so that what was stored before a crash is
 * acknowledged and not stored again.
 */
async function sent(
  steps: readonly Command[],
  commands: LedgerCommands,
  options: { caller: Caller; source: string },
): Promise<Acknowledgement[]> {
  const acknowledged: Acknowledgement[] = [];
  for (let from = 0; from < steps.length; from += AT_ONCE)
    acknowledged.push(
      ...(await Promise.all(
        steps.slice(from, from + AT_ONCE).map((command) => commands.handle(command, { ...options, key: keyOf(command) })),
      )),
    );
  return acknowledged;
}

const keyOf = ({ constructor: { name }, input }: Command): string =>
  `start-${hash('sha256', `${name} ${canonical(input as Json)}`, 'hex').slice(0, 32)}`;

class Findings {
  readonly listed: StartFinding[] = [];
  inAll = 0;

  readonly tell: Tell = (sheet, row, column, finding, facts = {}) => {
    this.inAll += 1;
    const said = Object.fromEntries(
      Object.entries(facts).map(([fact, value]) => [fact, typeof value === 'string' ? value.toWellFormed() : (value ?? '')]),
    );
    if (this.listed.length < FINDINGS_LISTED) this.listed.push({ sheet, row, column, finding, facts: { column, ...said } });
  };
}
