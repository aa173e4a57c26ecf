const digitZero = 0x30;
const lengthWithoutFraction = '2026-11-22 10:30:00+00'.length;
const fractionAt = '2026-11-22 10:30:00.'.length;
/** Before it, `Date.UTC` means another century. */
const yearMin = 100;

/** A `timestamptz` as PostgreSQL writes it in a session in UTC, such as `2026-11-22 10:30:00.123456+00`; null for one that is written in another way. */
export function readTimestamp(text: string): Date | null {
  const { length } = text;
  if (!text.endsWith('+00') || length < lengthWithoutFraction || text[4] !== '-' || text[10] !== ' ') return null;
  const year = digits(text, 0, 4);
  if (year < yearMin) return null;
  return new Date(
    Date.UTC(
      year,
      digits(text, 5, 7) - 1,
      digits(text, 8, 10),
      digits(text, 11, 13),
      digits(text, 14, 16),
      digits(text, 17, 19),
      milliseconds(text, length - '+00'.length),
    ),
  );
}

/** PostgreSQL leaves zeros at the end of a fraction out, and a Date has no part of a millisecond. */
function milliseconds(text: string, end: number): number {
  const read = Math.max(0, Math.min(3, end - fractionAt));
  return digits(text, fractionAt, fractionAt + read) * 10 ** (3 - read);
}

/** Digit by digit: each part cut out of the text would be a string. */
function digits(text: string, from: number, to: number): number {
  let value = 0;
  for (let at = from; at < to; at += 1) value = 10 * value + text.charCodeAt(at) - digitZero;
  return value;
}
