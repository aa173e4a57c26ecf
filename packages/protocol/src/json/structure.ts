const quote = 0x22;
const colon = 0x3a;
const comma = 0x2c;
const backslash = 0x5c;
const openBracket = 0x5b;
const closeBracket = 0x5d;
const openBrace = 0x7b;
const closeBrace = 0x7d;

/** What the scan knows beforehand. */
export interface ScanOptions {
  readonly depthMax: number;
  /** Objects, lists and commas together, which grow with the values of a text. */
  readonly valuesMax: number;
  /** Whether the text holds any backslash; without one a quote always ends a string. */
  readonly escaped: boolean;
}

/** Result of {@link countMembers}: brackets nest deeper than `depthMax`; the rest of the text is not read. */
export const tooDeep = -1;

/** Result of {@link countMembers}: there are more values than `valuesMax`; the rest of the text is not read. */
export const tooMany = -2;

/**
 * One pass over a JSON text: the number of object members (colons outside strings), or {@link tooDeep} when brackets nest deeper
 * than allowed and {@link tooMany} when there are more values. Says nothing about syntax; a malformed text gives some number and
 * fails in JSON.parse.
 */
export function countMembers(text: string, { depthMax, valuesMax, escaped }: ScanOptions): number {
  let members = 0;
  let depth = 0;
  let values = 0;
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    if (unit === quote) {
      at = escaped ? closingQuote(text, at + 1) : text.indexOf('"', at + 1);
      if (at === -1) return members;
    } else if (unit === colon) {
      members += 1;
    } else if (unit === comma) {
      values += 1;
      if (values > valuesMax) return tooMany;
    } else if (unit === openBrace || unit === openBracket) {
      depth += 1;
      values += 1;
      if (depth > depthMax) return tooDeep;
      if (values > valuesMax) return tooMany;
    } else if (unit === closeBrace || unit === closeBracket) {
      depth -= 1;
    }
  }
  return members;
}

/** The index of the quote that ends the string whose content starts at `from`, or -1. */
function closingQuote(text: string, from: number): number {
  for (let at = text.indexOf('"', from); at !== -1; at = text.indexOf('"', at + 1)) {
    let slashes = at;
    while (slashes > from && text.charCodeAt(slashes - 1) === backslash) slashes -= 1;
    if ((at - slashes) % 2 === 0) return at;
  }
  return -1;
}

const shownKeyCharsMax = 64;

/** The first repeated key of a valid JSON text, as a JSON string for a message. Only called once one is known to exist. */
export function findDuplicateKey(text: string): string {
  const scopes: Set<unknown>[] = [];
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    if (unit === openBrace || unit === openBracket) scopes.push(new Set());
    else if (unit === closeBrace || unit === closeBracket) scopes.pop();
    if (unit !== quote) continue;
    const end = closingQuote(text, at + 1);
    if (isKey(text, end + 1)) {
      const key: unknown = JSON.parse(text.slice(at, end + 1));
      const scope = scopes.at(-1);
      if (scope?.has(key) === true) return JSON.stringify(String(key).slice(0, shownKeyCharsMax));
      scope?.add(key);
    }
    at = end;
  }
  return '(unknown)';
}

/** Whether the string that ended before `from` is followed by a colon. */
function isKey(text: string, from: number): boolean {
  let at = from;
  while (' \t\n\r'.includes(text.charAt(at)) && at < text.length) at += 1;
  return text.charCodeAt(at) === colon;
}
