import { types } from 'pg';
import type { CustomTypesConfig } from 'pg';
import { readTimestamp } from './read-timestamp.ts';

const textArray: number = 1009;
const timestamptz: number = 1184;
const textParsers = new Map<number, (text: string) => unknown>([
  [20, BigInt],
  [textArray, parseTextArray],
  [1016, parseBigintArray],
  [timestamptz, parseTimestamp],
]);

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- pg's types leave what a parser answers open
const parseAnyTextArray = types.getTypeParser(textArray) as (text: string) => unknown;
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- as above
const parseAnyTimestamp = types.getTypeParser(timestamptz) as (text: string) => unknown;

/**
 * How column values arrive: `bigint` as BigInt, because credits must stay exact above 2^53; `timestamptz` as Date;
 * `uuid` and `numeric` as string; `json` and `jsonb` parsed.
 */
export const columnTypes: CustomTypesConfig = {
  getTypeParser(oid, format) {
    const parse = format === 'binary' ? undefined : textParsers.get(oid);
    return parse ?? (types.getTypeParser(oid, format) as unknown);
  },
};

function parseBigintArray(text: string): (bigint | null)[] {
  const body = text.slice(1, -1);
  return body === '' ? [] : body.split(',').map((item) => (item === 'NULL' ? null : BigInt(item)));
}

/** Most arrays are short lists of plain words; reading them as that takes a tenth of the time and memory that the driver takes for any array. */
function parseTextArray(text: string): unknown {
  if (text === '{}') return [];
  return /^\{[^{}"\\]+\}$/.test(text) && !/null/i.test(text) ? text.slice(1, -1).split(',') : parseAnyTextArray(text);
}

/** The driver takes one apart by a regular expression, which makes half a kilobyte of garbage. */
function parseTimestamp(text: string): unknown {
  return readTimestamp(text) ?? parseAnyTimestamp(text);
}
