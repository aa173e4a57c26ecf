/** A code unit that only an escape can bring into well-formed UTF-8 text. */
export type UnsafeEscape = 'nul' | 'lone-surrogate';

/**
 * The first `\u0000` or unpaired `\uD800`…`\uDFFF` of a JSON text. Backslashes outside strings are not told apart:
 * JSON.parse rejects such a text anyway.
 */
export function findUnsafeEscape(text: string): UnsafeEscape | undefined {
  let at = text.indexOf('\\');
  while (at !== -1) {
    const unit = unitAt(text, at);
    if (unit === 0) return 'nul';
    if (unit === undefined) {
      // A two-character escape such as \\ or \n, whose second character never starts another one.
      at = text.indexOf('\\', at + 2);
    } else if (unit >= 0xd800 && unit <= 0xdfff) {
      const low = unitAt(text, at + 6);
      if (unit >= 0xdc00 || low === undefined || low < 0xdc00 || low > 0xdfff) return 'lone-surrogate';
      at = text.indexOf('\\', at + 12);
    } else {
      at = text.indexOf('\\', at + 6);
    }
  }
  return undefined;
}

/** The code unit that a `\uXXXX` at this place stands for. */
function unitAt(text: string, at: number): number | undefined {
  if (text.charCodeAt(at) !== 0x5c || text.charCodeAt(at + 1) !== 0x75) return undefined;
  let unit = 0;
  for (let digit = at + 2; digit < at + 6; digit += 1) {
    const value = hexValue(text.charCodeAt(digit));
    if (value === undefined) return undefined;
    unit = unit * 16 + value;
  }
  return unit;
}

function hexValue(digit: number): number | undefined {
  if (digit >= 0x30 && digit <= 0x39) return digit - 0x30;
  const lower = digit | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : undefined;
}
