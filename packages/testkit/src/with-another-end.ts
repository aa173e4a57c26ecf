/**
 * A token in base64url that is another one near its end. The last digit but one is changed to what it is not: all of its bits count,
 * where the last digit's may be padding, and any fixed ending is the right one of some token.
 */
export function withAnotherEnd(token: string): string {
  const at = token.length - 2;
  return `${token.slice(0, at)}${token[at] === 'A' ? 'B' : 'A'}${token.slice(at + 1)}`;
}
