/**
 * Whether what is carried in agrees with the opening balances of a SIE file (#IB, #OIB), account by account and grant by grant. The
 * accountant knows which of the two is right: each difference is asked about, and consented to with the others or mended.
 */
import type { SieBalance } from '#sie';
import { chartOf } from './carried-in.js';
import { CARRIED_IN } from './sheets.js';
import type { SieFacts } from './sie-facts.js';
import type { StartRows, Tell } from './start-rows.js';
import type { Planning } from './start-plan.js';

/**
 * Compares what stands on the grants' liability accounts, and on the accounts of claims that the sheet names: by grant where the file has balances
 * by object on the account, else the account's total. The opening is the file's own, or the close of the year before where that is the file's year.
 * @param ask told of each difference with account, object and both sums · @param notice told where the file has nothing to compare with
 */
export function tieCarriedIn(
  rows: StartRows,
  { balances, years, dimensions }: SieFacts,
  { ledger, asked }: Pick<Planning, 'ledger' | 'asked'>,
  ask: Tell,
  notice: Tell,
): void {
  const index = years.find(({ from }) => Number(from.slice(0, 4)) === asked.year)?.index;
  const before = years.find(({ from }) => Number(from.slice(0, 4)) === asked.year - 1)?.index;
  const isOpening = ({ label, year }: SieBalance, total: boolean) =>
    (label === (total ? 'IB' : 'OIB') && year === index) || (label === (total ? 'UB' : 'OUB') && year === before && !hasOpening);
  const hasOpening = balances.some(({ label, year }) => (label === 'IB' || label === 'OIB') && year === index);
  const opening = balances.filter((balance) => isOpening(balance, true) || isOpening(balance, false));
  if (opening.length === 0)
    return notice('Ingående', rows.Ingående[0]?.row ?? FIRST_ROW, '', 'finding-carried-in-not-compared', { year: asked.year });

  const kinds = chartOf(rows, ledger);
  const given = new Map<string, bigint>();
  const grantOf = (decision: string) =>
    rows.Beslut.find(({ text }) => text.decision === decision)?.text.grant ?? ledger.decisions.get(decision)?.grant ?? '';
  /** Where the sheet has the account and the grant, or would have it. */
  const rowOf = (account: string, object: string) => {
    const ofAccount = rows.Ingående.filter(({ text }) => text.account === account);
    const row = ofAccount.find(({ text }) => object === '' || grantOf(text.decision) === object) ?? ofAccount[0] ?? rows.Ingående[0];
    return row?.row ?? FIRST_ROW;
  };
  const onBalance = (account: string) => kinds(account) === 'grant-liability' || kinds(account) === 'balance';
  for (const { text, ore } of rows.Ingående)
    if (onBalance(text.account)) add(given, `${text.account}|${grantOf(text.decision)}`, ore.amountOre!);

  const accounts = new Set([...given.keys()].map((key) => key.split('|', 1)[0]!));
  for (const { account } of opening) if (kinds(account) === 'grant-liability') accounts.add(account);
  for (const account of [...accounts].sort()) {
    const objects = opening.flatMap((balance) => {
      const object = balance.objects.find(({ dim }) => dim === dimensions.grants)?.object;
      return balance.account === account && object !== undefined ? [[object, balance.amountOre] as const] : [];
    });
    const byGrant = objects.length > 0;
    const sums = new Map<string, { given: bigint; balance: bigint }>();
    const at = (object: string) => sums.get(object) ?? sums.set(object, { given: 0n, balance: 0n }).get(object)!;
    for (const [key, ore] of given) if (key.startsWith(`${account}|`)) at(byGrant ? key.slice(account.length + 1) : '').given += ore;
    if (byGrant) for (const [object, ore] of objects) at(object).balance += BigInt(ore);
    else
      for (const balance of opening)
        if (balance.account === account && isOpening(balance, true)) at('').balance += BigInt(balance.amountOre);
    for (const [object, { given: ours, balance }] of sums)
      if (ours !== balance)
        ask('Ingående', rowOf(account, object), CARRIED_IN.amountOre.heading, 'finding-carried-in-not-tied', {
          account,
          object,
          givenOre: String(ours),
          balanceOre: String(balance),
        });
  }
}

/** Below the headings and what they mean. */
const FIRST_ROW = 3;
const add = (sums: Map<string, bigint>, key: string, ore: number) => sums.set(key, (sums.get(key) ?? 0n) + BigInt(ore));
