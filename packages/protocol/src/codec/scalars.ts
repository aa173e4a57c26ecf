/** UTF-8 length of a well-formed string, without encoding it. */
export function utf8Bytes(text: string): number {
  let bytes = text.length;
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    if (unit < 0x80) continue;
    // Each half of a surrogate pair counts two of the pair's four bytes.
    bytes += unit < 0x800 || (unit >= 0xd800 && unit <= 0xdfff) ? 1 : 2;
  }
  return bytes;
}

/** Whether a well-formed string fits into so many UTF-8 bytes; counts only when the answer is near. */
export function fitsUtf8(text: string, bytesMax: number): boolean {
  if (text.length * 3 <= bytesMax) return true;
  return text.length <= bytesMax && utf8Bytes(text) <= bytesMax;
}

/** Bytes that a padded base64 text stands for. */
export function base64Bytes(padded: string): number {
  const padding = padded.endsWith('==') ? 2 : padded.endsWith('=') ? 1 : 0;
  return (padded.length / 4) * 3 - padding;
}

const base64Alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/**
 * Any base64 variant that ProtoJSON allows (standard or URL-safe, padded or not) as padded standard base64
 * (RFC 4648 section 4), or undefined when it is none. Stray bits after the last byte are refused: equal bytes must
 * have equal text.
 */
export function normaliseBase64(text: string): string | undefined {
  const standard = /[-_]/.test(text) ? text.replaceAll('-', '+').replaceAll('_', '/') : text;
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(standard)) return undefined;
  const bare = standard.replace(/=+$/, '');
  const rest = bare.length % 4;
  if (rest === 1 || (bare.length < standard.length && standard.length % 4 !== 0)) return undefined;
  if (rest !== 0) {
    const last = base64Alphabet.indexOf(bare.slice(-1));
    if (last % (rest === 2 ? 16 : 4) !== 0) return undefined;
  }
  return standard.length % 4 === 0 ? standard : bare + '='.repeat(4 - rest);
}

const rfc3339 = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(?:Z|([+-])(\d\d):(\d\d))$/i;

/**
 * An RFC 3339 time as `YYYY-MM-DDTHH:mm:ss.sssZ`, or undefined when it is none. Digits below the millisecond are
 * dropped. Years 0001 to 9999 as in protobuf's Timestamp; leap seconds are refused as there.
 */
export function normaliseTimestamp(text: string): string | undefined {
  const match = rfc3339.exec(text);
  if (match === null) return undefined;
  const [, year, month, day, hour, minute, second, fraction = '', sign, offsetHour = '0', offsetMinute = '0'] = match;
  const date = [Number(year), Number(month) - 1, Number(day)] as const;
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return undefined;
  if (Number(offsetHour) > 23 || Number(offsetMinute) > 59) return undefined;
  const at = new Date(0);
  // setUTCFullYear, since Date.UTC moves the years 0 to 99 into the twentieth century.
  at.setUTCFullYear(...date);
  if (at.getUTCMonth() !== date[1] || at.getUTCDate() !== date[2]) return undefined;
  const offsetMinutes = (Number(offsetHour) * 60 + Number(offsetMinute)) * (sign === '-' ? -1 : 1);
  const milliseconds = Number(fraction.padEnd(3, '0').slice(0, 3));
  at.setUTCHours(Number(hour), Number(minute) - offsetMinutes, Number(second), milliseconds);
  const normalised = at.getUTCFullYear();
  return normalised < 1 || normalised > 9_999 ? undefined : at.toISOString();
}

/** Whether a value is an int32. */
export function isInt32(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= -2_147_483_648 && value <= 2_147_483_647;
}
