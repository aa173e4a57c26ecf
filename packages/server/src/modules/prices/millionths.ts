import { limits } from '../../kernel/limits.ts';

const places = 6;

/** One, in millionths. */
export const million = 1_000_000n;

/** The millionths of a decimal, written as a number or as a text with at most six decimals; null for any other value. */
export function millionthsOf(value: unknown, max: bigint): bigint | null {
  if (typeof value !== 'string' && typeof value !== 'number') return null;
  const [, whole = '', fraction = ''] = /^(\d{1,10})(?:\.(\d{1,6}))?$/.exec(String(value)) ?? [];
  if (whole === '') return null;
  const millionths = BigInt(`${whole}${fraction.padEnd(places, '0')}`);
  return millionths <= max ? millionths : null;
}

/** The millionths of a count, to the nearest; null for what is negative, not finite, or above `limits.priceQuantityMax`. */
export function millionthsOfCount(count: number): bigint | null {
  const isQuantity = count >= 0 && count <= limits.priceQuantityMax;
  return isQuantity ? BigInt(count.toFixed(places).replace('.', '')) : null;
}

/** A decimal as people write it, without needless zeros. */
export function textOfMillionths(millionths: bigint): string {
  const fraction = String(millionths % million)
    .padStart(places, '0')
    .replace(/0+$/, '');
  return `${millionths / million}${fraction === '' ? '' : `.${fraction}`}`;
}
