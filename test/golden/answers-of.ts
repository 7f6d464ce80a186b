/** What a log of records answers, as JSON that can be kept and compared: the figures, the journal, the state's digest and each leaf. */
import { hash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MemoryStore, sha256, type StoredRecord } from '#eventstore';
import { hex, leafHash } from '#ledger';
import { Answers, Projector, READ_MODELS_FILE } from '#projections';

/** The answers of a ledger. Amounts are texts of öre. */
export async function answersOf(records: readonly StoredRecord[]): Promise<unknown> {
  const folder = mkdtempSync(join(tmpdir(), 'liggaren-golden-'));
  try {
    const file = join(folder, READ_MODELS_FILE);
    const projector = new Projector(new MemoryStore([...records]), file);
    await projector.open();
    while (await projector.step());
    projector.close();
    const answers = new Answers(file);
    const asked = { year: 2023 };
    const all = {
      leaves: hash('sha256', records.map(({ head }) => hex(leafHash(head, sha256))).join('\n'), 'hex'),
      net: answers.net(asked), netOfBoard: answers.net({ ...asked, scope: 'RS' }), netUntilMay: answers.net({ ...asked, through: '2023-05' }),
      units: answers.units(asked), periods: answers.periods(asked), neutrality: answers.neutrality(asked), journal: answers.journal(), completeness: answers.completeness(),
      grants: answers.grants(), decisions: answers.decisions(), unitRegister: answers.unitRegister(), periodRegister: answers.periodRegister(), imports: answers.imports(), findings: answers.findings(),
      recoded: answers.voucher('own-2023-4'), corrected: answers.voucher('own-2023-5'), withoutGrantCode: answers.withoutGrantCode(asked), unallotted: answers.unallotted(asked),
    };
    answers.close();
    return JSON.parse(JSON.stringify(all, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value)));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
