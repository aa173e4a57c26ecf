import type { JsonObject } from '@colloquy/protocol';
import type { TrustedCardKey } from '../../../modules/trust/index.ts';

/** The columns that show a trusted card key. */
export const cardKeyColumns = 'k.kid, k.name, k.algorithms, k.public_jwk, k.added_by, k.created_at, k.revoked_at';

export interface CardKeyRow {
  readonly kid: string;
  readonly name: string;
  readonly algorithms: readonly string[];
  readonly public_jwk: JsonObject;
  readonly added_by: string;
  readonly created_at: Date;
  readonly revoked_at: Date | null;
}

export function cardKeyOf(row: CardKeyRow): TrustedCardKey {
  return {
    kid: row.kid,
    name: row.name,
    algorithms: row.algorithms,
    publicJwk: row.public_jwk,
    addedBy: row.added_by,
    addedAt: row.created_at,
    revokedAt: row.revoked_at,
  };
}
