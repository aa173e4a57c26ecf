import type { AgedSigningKey, SigningKeyStore } from '../../../modules/access/index.ts';
import type { DatabasePool } from '../pool.ts';
import type { Statement } from '../statement.ts';
import { inTransaction } from '../transaction.ts';
import { whenAvailable } from '../when-available.ts';
import { addSigningKey } from './add-signing-key.ts';
import { listSigningKeys } from './list-signing-keys.ts';
import type { SigningKeyRow } from './list-signing-keys.ts';
import { lockSigningKeys } from './lock-signing-keys.ts';
import { retireSigningKeys } from './retire-signing-keys.ts';

/** Signing keys in PostgreSQL, over a pool of the application's role. No tenant owns them. */
export function createSigningKeyStore(pool: DatabasePool): SigningKeyStore {
  const platformWide = { tenantIds: [] };
  const change = async (statement: Statement): Promise<readonly AgedSigningKey[]> => {
    const statements = [lockSigningKeys(), statement, listSigningKeys()] as const;
    const [, , { rows }] = await whenAvailable(inTransaction(pool, platformWide, statements));
    return rows.map(storedKeyOf);
  };
  return {
    async list() {
      const [{ rows }] = await whenAvailable(inTransaction(pool, platformWide, [listSigningKeys()]));
      return rows.map(storedKeyOf);
    },
    add: (key, youngerThanMs) => change(addSigningKey(key, youngerThanMs)),
    retire: (besideMs) => change(retireSigningKeys(besideMs)),
  };
}

function storedKeyOf(row: SigningKeyRow): AgedSigningKey {
  const { kid, algorithm, public_jwk: publicJwk, private_jwk_sealed: privateJwkSealed, age_ms: ageMs } = row;
  return { kid, algorithm, publicJwk, privateJwkSealed, ageMs };
}
