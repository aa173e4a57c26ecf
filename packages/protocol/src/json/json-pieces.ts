/** Lists and objects are written member by member down to this depth, which parts of artifacts in a page of tasks have; deeper ones in one go. */
const depthMax = 8;

/**
 * The text that JSON.stringify makes of a value, in pieces of about `charsMax` characters, so that other work can be done between them. A piece is
 * longer where a deeply nested value is. The value is as JSON.parse makes them; members may be undefined. No piece ends within a surrogate pair.
 */
export function* jsonPieces(value: unknown, charsMax: number): Generator<string, void> {
  let piece = '';
  for (const token of tokensOf(value, charsMax, 0)) {
    piece += token;
    if (piece.length < charsMax) continue;
    yield piece;
    piece = '';
  }
  if (piece !== '') yield piece;
}

function* tokensOf(value: unknown, charsMax: number, depth: number): Generator<string, void> {
  if (typeof value === 'string') yield* stringTokens(value, charsMax);
  else if (typeof value !== 'object' || value === null || depth === depthMax) yield JSON.stringify(value ?? null);
  else if (Array.isArray(value)) {
    let separator = '[';
    for (const item of value) {
      yield separator;
      yield* tokensOf(item, charsMax, depth + 1);
      separator = ',';
    }
    yield separator === '[' ? '[]' : ']';
  } else {
    let separator = '{';
    for (const [name, member] of Object.entries(value)) {
      if (member === undefined) continue;
      yield `${separator}${JSON.stringify(name)}:`;
      yield* tokensOf(member, charsMax, depth + 1);
      separator = ',';
    }
    yield separator === '{' ? '{}' : '}';
  }
}

function* stringTokens(text: string, charsMax: number): Generator<string, void> {
  if (text.length <= charsMax) {
    yield JSON.stringify(text);
    return;
  }
  yield '"';
  let from = 0;
  while (from < text.length) {
    let until = Math.min(from + charsMax, text.length);
    const last = text.charCodeAt(until - 1);
    if (until < text.length && last >= 0xd800 && last <= 0xdbff) until += 1;
    yield JSON.stringify(text.slice(from, until)).slice(1, -1);
    from = until;
  }
  yield '"';
}
