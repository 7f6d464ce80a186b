/** Which language a caller reads: Swedish, unless `Accept-Language` prefers English. */
import type { Language } from '#ledger';

/** The language of an `Accept-Language` header. */
export function languageOf(header: string | undefined): Language {
  if (!header) return 'sv';
  const wanted = header.split(',').map((part) => {
    const [tag = '', ...parameters] = part.trim().toLowerCase().split(';');
    const quality = Number(
      parameters
        .find((parameter) => parameter.trim().startsWith('q='))
        ?.trim()
        .slice(2) ?? 1,
    );
    return { language: tag.slice(0, 2), quality };
  });
  const of = (language: string) => Math.max(0, ...wanted.filter((one) => one.language === language).map(({ quality }) => quality));
  return of('en') > of('sv') ? 'en' : 'sv';
}
