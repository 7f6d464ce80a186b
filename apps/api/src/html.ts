/** HTML that cannot be broken out of: `html` escapes whatever is put into it, unless it is HTML already. Used by the page alone. */

/** Text that is HTML already. */
export class Html {
  constructor(readonly text: string) {}
}

const ENTITIES: { readonly [sign: string]: string } = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const escaped = (text: string): string => text.replace(/[&<>"']/g, (sign) => ENTITIES[sign]!);

type Part = string | number | Html | null | readonly (Html | null)[];

/** HTML from a template; every value in it is escaped, a list is joined, null is nothing. */
export function html(texts: TemplateStringsArray, ...parts: readonly Part[]): Html {
  const written = (part: Part): string => {
    if (part === null) return '';
    if (part instanceof Html) return part.text;
    return typeof part === 'object' ? part.map(written).join('') : escaped(String(part));
  };
  return new Html(texts.map((text, i) => (i === 0 ? text : written(parts[i - 1]!) + text)).join(''));
}
