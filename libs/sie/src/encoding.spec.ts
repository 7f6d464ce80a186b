/** Which encoding a file is in, from its bytes and never from its tag; and what is done where one file holds several. */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Decoder, encode, type Encoding } from './encoding.js';
import { EncodingJudge } from './encoding-judge.js';
import { file, read, readingOf, said, voucher } from './given.js';

const verdictOf = (bytes: Uint8Array) => {
  const judge = new EncodingJudge();
  judge.push(bytes);
  return judge.verdict();
};
const joined = (...parts: readonly (readonly [string, Encoding])[]) =>
  Uint8Array.from(parts.flatMap(([text, encoding]) => [...encode(text, encoding)]));
const names = (bytes: Uint8Array) => [...readingOf(bytes).summary.accounts.values()].map(({ name }) => name);

describe('the encoding of a file', () => {
  it.each(['Småland', 'ÅRE', 'Örebro', 'miljö', 'Köp av läkemedel', 'Café Éclair'])('is judged from a single word: %s', (word) => {
    for (const encoding of ['cp437', 'utf-8', 'windows-1252'] as const)
      expect(verdictOf(encode(`#FNAMN "${word}"\n`, encoding))).toMatchObject({ encoding, mixed: false });
  });
  it('is none in particular where there is nothing but ASCII', () =>
    expect(verdictOf(encode('#FLAGGA 0\n', 'cp437')).encoding).toBe('ascii'));
  it('is the same in whatever chunks the file comes', () => {
    const piece = fc.constantFrom(...['å', 'Ö', '–', '€', '😀', 'a\n', '\r', '"', 'Café', 'Faktura 64802 Möten', '#TRANS 2440 {}'].map((text) => encode(text, 'utf-8')), ...[0x81, 0x84, 0x94, 0xc4, 0xe5, 0xbf, 0xef, 0xf0].map((byte) => Uint8Array.of(byte))); // prettier-ignore
    fc.assert(
      fc.property(
        fc.boolean(),
        fc.array(piece, { maxLength: 40 }),
        fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1 }),
        (marked, pieces, sizes) => {
          // prettier-ignore
          const bytes = Buffer.concat(marked ? [Uint8Array.of(0xef, 0xbb, 0xbf), ...pieces] : pieces);
          const judges = [sizes, [1], [1_000]].map((chunks) => {
            const judge = new EncodingJudge();
            for (let at = 0, next = 0; at < bytes.length; at += chunks[next++ % chunks.length]!) {
              const chunk = bytes.subarray(at, at + chunks[next % chunks.length]!);
              const place = new Uint8Array(chunk.length + 8).subarray(at % 5, (at % 5) + chunk.length); // wherever it lies in memory
              place.set(chunk);
              judge.push(place);
            }
            return [judge.verdict(), judge.certain];
          });
          expect(judges[1]).toEqual(judges[0]);
          expect(judges[2]).toEqual(judges[0]);
        },
      ),
    );
  });
  it('is the same where each chunk is read into the memory of the one before', () => {
    const [whole, memory] = [encode('Årets möten på Åsön, å. '.repeat(40), 'utf-8'), Buffer.alloc(64)];
    for (let size = 9; size <= memory.length; size += 1) {
      const judge = new EncodingJudge();
      for (let from = 0; from < whole.length; from += size) {
        memory.set(whole.subarray(from, from + size));
        judge.push(memory.subarray(0, Math.min(size, whole.length - from)));
      }
      expect([size, judge.verdict()]).toEqual([size, verdictOf(whole)]);
    }
  });
  it('is UTF-8 with a mark where there is one', () => {
    const marked = new Uint8Array([0xef, 0xbb, 0xbf, ...encode(file(...voucher()), 'utf-8')]);
    const { summary } = readingOf(marked, [1]);
    expect(summary).toMatchObject({
      encoding: { encoding: 'utf-8', byteOrderMark: true },
      head: { flag: '0', name: 'Region Småland' },
      errors: 0,
    });
  });
  it('takes the quotation marks and dashes of Windows-1252 for what they are', () => {
    const text = '#FNAMN "Vård – „kvällsöppet” på Åsön”"\n';
    expect(verdictOf(encode(text, 'windows-1252'))).toMatchObject({ encoding: 'windows-1252', mixed: false });
    expect(read(text, 'windows-1252').summary.head.name).toBe('Vård – „kvällsöppet” på Åsön”');
  });
  it('is said, with the tag, where the two disagree', () => {
    expect(said(read(file(), 'utf-8'))).toEqual(['3 sie-encoding-tag']);
    expect(said(read(file(), 'windows-1252'))).toEqual(['3 sie-encoding-tag']);
    expect(read(file(), 'utf-8').complaints[0]!.facts).toEqual({ tag: 'PC8', found: 'UTF-8' });
    expect(said(read(file().replace('PC8', 'UTF-8'), 'utf-8'))).toEqual([]);
  });
  it('of the same book three times gives the same book', () => {
    const text = file(
      '#OBJEKT 20 "9916" "Nära vård §"'.replace(' §', ''),
      ...voucher(undefined, '#VER A 1 20230512 "Måltider, Östersund"'),
    );
    const [first, ...others] = (['cp437', 'utf-8', 'windows-1252'] as const).map((encoding) => {
      const { vouchers, summary } = read(text, encoding);
      return { vouchers, head: summary.head, accounts: [...summary.accounts.values()], objects: summary.objects };
    });
    expect(others).toEqual([first, first]);
  });
});

describe('a file that mixes encodings', () => {
  const konto = (account: number, name: string) => `#KONTO ${account} "${name}"\n`;
  it('is read field by field, and every line that differs is said', () => {
    const bytes = joined(
      ['#FLAGGA 0\n#FORMAT PC8\n', 'cp437'],
      [konto(1, 'Läkemedel') + konto(2, 'Köp') + konto(3, 'Ångström på Åsön'), 'cp437'],
      [konto(4, 'Vård på hög nivå'), 'windows-1252'],
      [konto(5, 'Åre kår'), 'utf-8'],
      [konto(6, 'Bank'), 'cp437'],
    );
    expect(names(bytes)).toEqual(['Läkemedel', 'Köp', 'Ångström på Åsön', 'Vård på hög nivå', 'Åre kår', 'Bank']);
    const { complaints, summary } = readingOf(bytes);
    expect(summary.encoding).toMatchObject({ encoding: 'cp437', mixed: true });
    expect(complaints.map(({ line, name, severity, facts }) => [line, name, severity, facts['found']])).toEqual([
      [6, 'sie-encoding-mixed', 'warning', 'Windows-1252'],
      [7, 'sie-encoding-mixed', 'warning', 'UTF-8'],
    ]);
  });
  it('also where two fields of one line differ', () => {
    const bytes = joined(['#FLAGGA 0\n#KONTO 1 "Köp på Åsön"\n#OBJEKT 6 "', 'cp437'], ['Å1', 'windows-1252'], ['" "årsta"\n', 'cp437']);
    expect(readingOf(bytes).summary.objects).toEqual([{ dim: '6', object: 'Å1', name: 'årsta' }]);
  });
  it('also where most of it is UTF-8', () => {
    const bytes = joined(
      ['#FLAGGA 0\n', 'cp437'],
      [konto(1, 'Läkemedel åt alla'), 'utf-8'],
      [konto(2, 'miljö'), 'cp437'],
      [konto(3, 'Skåne'), 'windows-1252'],
    );
    expect(names(bytes)).toEqual(['Läkemedel åt alla', 'miljö', 'Skåne']);
    expect(said(readingOf(bytes))).toEqual(['3 sie-encoding-mixed', '4 sie-encoding-mixed']);
  });
  it('says where characters were lost before it came', () =>
    expect(said(read('#FLAGGA 0\n#FNAMN "Sm\ufffdland"\n', 'utf-8'))).toEqual(['2 sie-text-damaged']));
});

describe('the tables', () => {
  it('are those of the standard, both ways', () => {
    for (const encoding of ['cp437', 'windows-1252'] as const) {
      const bytes = Uint8Array.from({ length: 256 }, (_, byte) => byte);
      const text = new Decoder(encoding).text(bytes, 0, 256);
      expect([...encode(text, encoding)]).toEqual([...bytes]);
      expect(new Set(text).size).toBe(256);
    }
    expect(
      new Decoder('windows-1252').text(
        Uint8Array.from({ length: 256 }, (_, byte) => byte),
        0,
        256,
      ),
    ).toBe(new TextDecoder('windows-1252').decode(Uint8Array.from({ length: 256 }, (_, byte) => byte)));
    expect(new Decoder('cp437').text(new Uint8Array([0x86, 0x84, 0x94, 0x8f, 0x8e, 0x99, 0x82, 0x81, 0x9b, 0xe1, 0xf8, 0xff]), 0, 12)).toBe(
      'åäöÅÄÖéü¢ß°\u00a0',
    );
  });
});
