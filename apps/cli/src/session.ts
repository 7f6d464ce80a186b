/** One invocation: its ledger, language and format, and what every verb does with a door: write and acknowledge, or read and show. */
import type { Command } from 'commander';
import { swedishInteger, swedishKronor, parseOre, type Language } from '#ledger';
import type { AcknowledgementJson } from '../../api/src/writing.js';
import { Door, type Request } from './door.js';
import { textTable, csvTable, type Cell } from '../../api/src/rows.js';
import { effectIn, eventIn, sayIn, type Say } from './words.js';

export type GlobalOptions = {
  readonly ledger: string;
  readonly lang: Language;
  readonly format: 'table' | 'json' | 'csv';
  readonly unit?: 'kr' | 'tkr' | 'mkr';
  readonly dryRun?: boolean;
  readonly key?: string;
};

export class Session {
  readonly say: Say;

  constructor(
    readonly options: GlobalOptions,
    readonly out: (text: string) => void = (text) => void process.stdout.write(`${text}\n`),
    readonly err: (text: string) => void = (text) => void process.stderr.write(`${text}\n`),
  ) {
    this.say = sayIn(options.lang);
  }

  static of(verb: Command): Session {
    return new Session(verb.optsWithGlobals<GlobalOptions>());
  }

  /** Opens the door, says where it leads, and closes it again. */
  async at<T>(work: (door: Door) => Promise<T>, { create = false }: { readonly create?: boolean | 'trial' } = {}): Promise<T> {
    const door = await Door.open(this.options.ledger, this.options.lang, { create });
    const n = swedishInteger;
    door.waiting = (position, seq) =>
      this.err(
        this.say(
          `Rapporterna har kommit till händelse ${n(position)} av ${n(seq)}; väntar …`,
          `The reports have come to event ${n(position)} of ${n(seq)}; waiting …`,
        ),
      );
    try {
      if (door.address) this.err(this.say(`Talar med servern på ${door.address}`, `Talking to the server at ${door.address}`));
      return await work(door);
    } finally {
      await door.close();
    }
  }

  /** Writes, and shows the acknowledgement. */
  async write(path: string, body: object, { create = false } = {}): Promise<void> {
    const { key, dryRun } = this.options;
    const request: Request = { method: 'POST', path, body, ...(key ? { key } : {}), query: { dryRun: dryRun ? 'true' : undefined } };
    const acknowledgement = await this.at((door) => door.json<AcknowledgementJson>(request), {
      create: create && dryRun ? 'trial' : create,
    });
    this.acknowledge(acknowledgement);
  }

  acknowledge(acknowledgement: AcknowledgementJson): void {
    const { seq, dryRun, repeated, vouchers, warnings, effects, events } = acknowledgement;
    if (this.options.format === 'json') return this.out(JSON.stringify(acknowledgement, null, 2));
    if (this.options.format === 'csv')
      return this.out(
        csvTable(
          ['grant', 'unit', 'effect', 'amount'],
          effects.map(({ grant, unit, effect, amount }) => [grant ?? '', unit, effect, amount]),
        ),
      );
    const { say } = this;
    const what = vouchers.length ? vouchers.join(', ') : events.map(({ type }) => eventIn(type, say)).join(', ');
    if (what === '') this.out(say('Så är det redan. Inget nytt är lagrat.', 'It is so already. Nothing new was stored.'));
    else if (dryRun) this.out(say(`Prov: ${what} skulle bokföras. Inget är lagrat.`, `Dry run: ${what} would be stored. Nothing is.`));
    else if (repeated)
      this.out(
        say(
          `Redan bokfört: ${what} (händelse ${seq}). Inget nytt är lagrat.`,
          `Stored before: ${what} (event ${seq}). Nothing new was stored.`,
        ),
      );
    else this.out(say(`Bokfört: ${what} (händelse ${seq})`, `Stored: ${what} (event ${seq})`));
    this.moved(effects);
    for (const { text } of warnings) this.err(`${say('Varning', 'Warning')}: ${text}`);
  }

  /** Reads a list to its end and shows the columns named, of the rows that are asked for. */
  async list<R extends object>(
    path: string,
    headers: Headings,
    cells: (row: R) => Cell[],
    { query = {}, where = () => true }: { query?: Request['query']; where?: (row: R) => boolean } = {},
  ): Promise<void> {
    const rows: R[] = [];
    let whole: object = {};
    await this.at(async (door) => {
      for (let after: string | undefined; ;) {
        const page = await door.json<{ rows: R[]; next: string | null }>({
          method: 'GET',
          path,
          query: { ...query, limit: '10000', after },
        });
        whole = page;
        rows.push(...page.rows.filter(where));
        if (page.next === null) return;
        after = page.next;
      }
    });
    this.show({ ...whole, rows }, headers, rows.map(cells));
  }

  /** Shows what was read in the format asked for. */
  show(answer: object, headers: Headings, rows: readonly (readonly Cell[])[]): void {
    const names = this.say(headers[0], headers[1]).split('|');
    if (this.options.format === 'json') this.out(JSON.stringify(answer, null, 2));
    else if (this.options.format === 'csv')
      this.out(
        csvTable(
          names,
          rows.map((row) => row.map(plain)),
        ),
      );
    else {
      if ('demo' in answer && answer.demo === true) this.out(this.say('DEMO: uppgifterna är påhittade.', 'DEMO: the figures are made up.'));
      this.out(rows.length ? textTable(names, rows) : this.say('(inget)', '(nothing)'));
    }
  }

  /** Shows what a write moved, or would move, per grant and unit. */
  moved(effects: AcknowledgementJson['effects']): void {
    if (effects.length === 0) return;
    const header = this.say('bidrag|enhet|verkan|belopp', 'grant|unit|effect|amount').split('|');
    const rows = effects.map(({ grant, unit, effect, amount }): Cell[] => [
      grant ?? '–',
      unit,
      effectIn(effect, this.say),
      { right: swedishKronor(parseOre(amount)) },
    ]);
    this.out(textTable(header, rows));
    this.out(this.say('Belopp i kr, som bokförda: debet +, kredit −.', 'Amounts in kr, as posted: debit +, credit −.'));
  }
}

/** Column headings in Swedish and English, separated by `|`. */
export type Headings = readonly [sv: string, en: string];

const plain = (cell: Cell): string => (typeof cell === 'string' ? cell : cell.right);
