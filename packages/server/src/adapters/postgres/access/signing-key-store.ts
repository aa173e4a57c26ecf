import { uuidOf } from '../../../kernel/ids.ts';
import type { AgedSigningKey, SigningKeyStore } from '../../../modules/access/index.ts';
import type { DatabasePool } from '../pool.ts';
import { inTransaction } from '../transaction.ts';
import { whenAvailable } from '../when-available.ts';
import { addSigningKey } from './add-signing-key.ts';
import { dropSigningKey } from './drop-signing-key.ts';
import { listKeyFacts } from './list-key-facts.ts';
import { listSigningKeys } from './list-signing-keys.ts';
import type { SigningKeyRow } from './list-signing-keys.ts';
import { lockSigningKeys } from './lock-signing-keys.ts';
import { noteAddedKey } from './note-added-key.ts';
import { retireSigningKeys } from './retire-signing-keys.ts';

/** Signing keys in PostgreSQL, over a pool of the application's role. No tenant owns them. */
export function createSigningKeyStore(pool: DatabasePool): SigningKeyStore {
  const platformWide = { tenantIds: [] };
  return {
    async list() {
      const [{ rows }] = await whenAvailable(inTransaction(pool, platformWide, [listSigningKeys()]));
      return rows.map(storedKeyOf);
    },
    async listFacts() {
      const [{ rows }] = await whenAvailable(inTransaction(pool, platformWide, [listKeyFacts()]));
      return rows.map((row) => ({
        kid: row.kid,
        createdAt: row.created_at,
        retiredAt: row.retired_at,
        droppedAt: row.dropped_at,
        ageMs: row.age_ms,
      }));
    },
    async add(key, youngerThanMs, entry) {
      const add = addSigningKey(key, youngerThanMs, null);
      if (entry === undefined) {
        const statements = [lockSigningKeys(), add, listSigningKeys()] as const;
        return (await whenAvailable(inTransaction(pool, platformWide, statements)))[2].rows.map(storedKeyOf);
      }
      const tenants = { tenantIds: [uuidOf(entry.tenantId)] };
      const statements = [lockSigningKeys(), add, noteAddedKey(key.kid, entry), listSigningKeys()] as const;
      return (await whenAvailable(inTransaction(pool, tenants, statements)))[3].rows.map(storedKeyOf);
    },
    async retire(besideMs) {
      const statements = [lockSigningKeys(), retireSigningKeys(besideMs), listSigningKeys()] as const;
      return (await whenAvailable(inTransaction(pool, platformWide, statements)))[2].rows.map(storedKeyOf);
    },
    async drop(kid, successor, entry) {
      const tenants = { tenantIds: [uuidOf(entry.tenantId)] };
      const drop = dropSigningKey(kid, entry);
      const statements = [lockSigningKeys(), drop, addSigningKey(successor, null, kid), listSigningKeys()] as const;
      const [, dropped, , { rows }] = await whenAvailable(inTransaction(pool, tenants, statements));
      return dropped.rows[0]?.known === true ? rows.map(storedKeyOf) : null;
    },
  };
}

function storedKeyOf(row: SigningKeyRow): AgedSigningKey {
  const { kid, algorithm, public_jwk: publicJwk, private_jwk_sealed: privateJwkSealed, age_ms: ageMs } = row;
  return { kid, algorithm, publicJwk, privateJwkSealed, ageMs };
}
