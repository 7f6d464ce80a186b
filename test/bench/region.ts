/**
 * The region of the benches and its vouchers: seeded, so that every run and every peer meets the same. 20 grants with a decision
 * each, 24 units under three boards; a voucher is two rows, a cost (19 of 20) or income, two of three with a grant code.
 */
import { createWriteStream } from 'node:fs';
import { once } from 'node:events';
import { finished } from 'node:stream/promises';
import { LedgerFolder, type Caller } from '#cqrs';
import type { LedgerCommands } from '#eventstore';
import { FIRST_CLASSES, OpenLedger, PostCost, RegisterDecision, RegisterGrant, SetUnit, type Command } from '#ledger';

export const CALLER: Caller = { login: 'bench', name: 'Bench', role: 'user' };
export const YEAR = 2023;
export const BOARDS = ['RS', 'HSN', 'TN'];
const UNITS = Array.from({ length: 24 }, (_, i) => String(601 + i));
const GRANTS = Array.from({ length: 20 }, (_, i) => String(9901 + i));
const COUNTERPARTIES = [
  'Tallmon & Ek Rådgivning AB',
  'Tolkväxeln i Demolän AB',
  'Pärm & Penna AB',
  'Kvarnåns Verksamhetsutveckling AB',
  'Studieförbundet Bygden',
];
const TEXTS = [
  'Konsulttimmar, god och nära vård',
  'Annonsering',
  'Tolktjänster',
  'Kontorsmaterial',
  'Utbildning, vårdens medarbetare',
  'Resor',
];

const register: readonly Command[] = [
  new OpenLedger({
    organisationNumber: '232100-0000',
    name: 'Bänkregionen',
    region: 'REG',
    demo: false,
    timeZone: 'Europe/Stockholm',
    grantCodePattern: '^\\d{4}$',
    accountClasses: FIRST_CLASSES,
  }),
  ...BOARDS.map((unit) => new SetUnit({ unit, name: `Nämnd ${unit}`, kind: 'board', parent: 'REG', validFrom: '2020-01-01' })),
  ...UNITS.map((unit, i) => new SetUnit({ unit, name: `Enhet ${unit}`, kind: 'unit', parent: BOARDS[i % 3]!, validFrom: '2020-01-01' })),
  ...GRANTS.map((grant) => new RegisterGrant({ grant, name: `Bidrag ${grant}`, validFrom: '2020-01-01' })),
  ...GRANTS.map(
    (grant, i) =>
      new RegisterDecision({
        decision: `${grant}-2023-1`,
        grant,
        terms: {
          agency: 'Socialstyrelsen',
          diarienummer: `9.3-${i}/2023`,
          kind: 'conditional',
          awardedOre: 500_000_000_00,
          restrictionFrom: '2023-01-01',
          restrictionTo: '2023-12-31',
          grantYear: YEAR,
          carryOver: false,
          receivedTo: 'income',
        },
      }),
  ),
];

/** Opens a ledger on an empty log: of this region where no other commands are given. No vouchers. */
export async function openRegion(commands: LedgerCommands, founding = register): Promise<void> {
  for (const command of founding) await commands.handle(command, { caller: CALLER });
}

/** Makes an empty ledger in the folder; of this region where no other commands are given. */
export async function makeLedger(folder: string, founding = register): Promise<void> {
  const ledger = await LedgerFolder.open({ folder, create: true, caller: CALLER });
  await openRegion(ledger.commands, founding);
  await ledger.close();
}

type Made = {
  readonly number: number;
  readonly date: string;
  readonly account: string;
  readonly against: string;
  readonly ore: number;
  readonly unit: string;
  readonly grant: string;
  readonly text: string;
  readonly counterparty: string;
};

/** Voucher number 1, 2, 3 …; always the same. */
function* vouchers(count: number): Generator<Made> {
  let state = 20230417;
  const below = (limit: number) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
  const of = <T>(choices: readonly T[]) => choices[below(choices.length)]!;
  for (let number = 1; number <= count; number += 1) {
    const day = Math.floor(((number - 1) / count) * 336);
    const date = `${YEAR}-${String(1 + Math.floor(day / 28)).padStart(2, '0')}-${String(1 + (day % 28)).padStart(2, '0')}`;
    const income = below(20) === 0;
    yield {
      number,
      date,
      ore: (income ? -1 : 1) * (100 + below(9_000_000)),
      unit: of(UNITS),
      grant: income || below(3) > 0 ? of(GRANTS) : '',
      account: income ? '3511' : String(7010 + 10 * below(40)),
      against: income ? '1930' : '2440',
      text: of(TEXTS),
      counterparty: of(COUNTERPARTIES),
    };
  }
}

const kronor = (ore: number) => (ore / 100).toFixed(2);

/** The vouchers as the simple CSV. @returns its bytes */
export const writeCsv = (file: string, count: number): Promise<number> =>
  write(file, 'series,number,date,period,account,amount,unit,grant,decision,text,counterparty,document,registered\n', count, (v) => {
    const row = (account: string, ore: number, grant: string) =>
      `LEV,${v.number},${v.date},${v.date.slice(0, 7)},${account},${kronor(ore)},${v.unit},${grant},,${v.text.includes(',') ? `"${v.text}"` : v.text},${v.counterparty},F-23-${v.number},${v.date}\n`;
    return row(v.account, v.ore, v.grant) + row(v.against, -v.ore, '');
  });

/** The same vouchers as a journal of ledger and hledger, an account for each account, unit and grant. */
export const writeJournal = (file: string, count: number): Promise<number> =>
  write(file, '', count, (v) => {
    const row = (account: string, ore: number, grant: string) => `    ${account}:${v.unit}${grant && `:${grant}`}  ${kronor(ore)}\n`;
    return `${v.date} * (LEV${v.number}) ${v.counterparty} ${v.text}\n${row(v.account, v.ore, v.grant)}${row(v.against, -v.ore, '')}\n`;
  });

async function write(file: string, header: string, count: number, text: (voucher: Made) => string): Promise<number> {
  const stream = createWriteStream(file);
  let part = header;
  for (const voucher of vouchers(count)) {
    part += text(voucher);
    if (part.length < 1 << 20) continue;
    if (!stream.write(part)) await once(stream, 'drain');
    part = '';
  }
  stream.end(part);
  await finished(stream);
  return stream.bytesWritten;
}

/** Post number n, as its request's body; every one different. */
export const postBody = (n: number): string => {
  const amount = kronor(100 + (n % 9_000_000));
  const unit = UNITS[n % UNITS.length]!;
  return JSON.stringify({
    eventDate: '2023-05-03',
    text: `Konsulttimmar nummer ${n}`,
    counterparty: COUNTERPARTIES[n % COUNTERPARTIES.length],
    document: `F-23-${n}`,
    lines: [
      { account: '7550', amount, unit, grant: GRANTS[n % GRANTS.length] },
      { account: '2440', amount: `-${amount}`, unit },
    ],
  });
};

/** The same post as a command. */
export const postCommand = (n: number): PostCost => {
  const amountOre = 100 + (n % 9_000_000);
  const unit = UNITS[n % UNITS.length]!;
  return new PostCost({
    eventDate: '2023-05-03',
    text: `Konsulttimmar nummer ${n}`,
    counterparty: COUNTERPARTIES[n % COUNTERPARTIES.length]!,
    document: `F-23-${n}`,
    lines: [
      { account: '7550', amountOre, unit, grant: GRANTS[n % GRANTS.length]! },
      { account: '2440', amountOre: -amountOre, unit },
    ],
  });
};
