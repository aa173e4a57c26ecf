import { types } from 'pg';
import type { CustomTypesConfig } from 'pg';

const textParsers = new Map<number, (text: string) => unknown>([
  [20, BigInt],
  [1016, parseBigintArray],
]);

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
