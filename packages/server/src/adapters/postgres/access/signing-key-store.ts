import { uuidOf } from '../../../kernel/ids.ts';
import type { AgedSigningKey, SigningKeyStore, StoredSigningKey } from '../../../modules/access/index.ts';
import type { NewAuditEntry } from '../../../modules/audit/index.ts';
import { auditEntryValues } from '../audit-entry-values.ts';
import type { DatabasePool } from '../pool.ts';
import type { Statement } from '../statement.ts';
import { inTransaction } from '../transaction.ts';
import { whenAvailable } from '../when-available.ts';

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

/**
 * Adds a signing key when none in use but `besides` is younger than a bound, or none is in use at all; never one that was there before.
 * Needs the lock of `lockSigningKeys` in a statement before it.
 */
function addSigningKey(
  key: StoredSigningKey,
  youngerThanMs: number | null,
  besides: string | null,
): Statement<{ readonly kid: string }> {
  return {
    name: 'add-signing-key',
    text: `
      insert into colloquy.signing_keys (kid, algorithm, public_jwk, private_jwk_sealed)
      select $1, $2, $3, $4
      where not exists (
        select from colloquy.signing_keys
        where retired_at is null and kid is distinct from $6
          and ($5::float8 is null or created_at > colloquy.now_utc() - $5::float8 * interval '1 millisecond'))
      on conflict (kid) do nothing
      returning kid`,
    values: [key.kid, key.algorithm, JSON.stringify(key.publicJwk), key.privateJwkSealed, youngerThanMs, besides],
  };
}

/** Drops a signing key, with its audit entry when that changed anything. `known`: whether there is such a key. */
function dropSigningKey(kid: string, entry: NewAuditEntry): Statement<{ readonly known: boolean }> {
  return {
    name: 'drop-signing-key',
    text: `
      with dropped as (
        update colloquy.signing_keys
        set dropped_at = colloquy.now_utc(), retired_at = coalesce(retired_at, colloquy.now_utc())
        where kid = $1 and dropped_at is null
        returning kid
      ), noted as (
        insert into colloquy.audit_entries (tenant_id, entry_id, actor_id, action, outcome, resource, request_id, facts)
        select $2, $3, $4, $5, $6, $7, $8, $9 from dropped
      )
      select exists (select from colloquy.signing_keys where kid = $1) as known`,
    values: [kid, uuidOf(entry.tenantId), ...auditEntryValues(entry)],
  };
}

interface KeyFactsRow {
  readonly kid: string;
  readonly created_at: Date;
  readonly retired_at: Date | null;
  readonly dropped_at: Date | null;
  readonly age_ms: number;
}

/** The facts of every signing key, oldest first, without the keys themselves. */
function listKeyFacts(): Statement<KeyFactsRow> {
  return {
    name: 'list-key-facts',
    text: `
      select kid, created_at, retired_at, dropped_at,
        (extract(epoch from colloquy.now_utc() - created_at) * 1000)::float8 as age_ms
      from colloquy.signing_keys order by created_at, kid`,
    values: [],
  };
}

interface SigningKeyRow {
  readonly kid: string;
  readonly algorithm: 'ES256';
  readonly public_jwk: Readonly<Record<string, unknown>>;
  readonly private_jwk_sealed: Uint8Array;
  readonly age_ms: number;
}

/** The signing keys in use, oldest first. */
function listSigningKeys(): Statement<SigningKeyRow> {
  return {
    name: 'list-signing-keys',
    text: `
      select kid, algorithm, public_jwk, private_jwk_sealed,
        (extract(epoch from colloquy.now_utc() - created_at) * 1000)::float8 as age_ms
      from colloquy.signing_keys
      where retired_at is null order by created_at, kid`,
    values: [],
  };
}

/** Holds up every other process that wants to make the first signing key, until this transaction ends. */
function lockSigningKeys(): Statement {
  return {
    name: 'lock-signing-keys',
    text: `select pg_advisory_xact_lock(hashtextextended('colloquy.signing_keys', 0))`,
    values: [],
  };
}

/** Writes the audit entry of a key when this transaction added it. */
function noteAddedKey(kid: string, entry: NewAuditEntry): Statement {
  return {
    name: 'note-added-key',
    text: `
      insert into colloquy.audit_entries (tenant_id, entry_id, actor_id, action, outcome, resource, request_id, facts)
      select $2, $3, $4, $5, $6, $7, $8, $9
      where exists (select from colloquy.signing_keys where kid = $1)`,
    values: [kid, uuidOf(entry.tenantId), ...auditEntryValues(entry)],
  };
}

/** Retires keys that a younger one has been in use beside for long enough. Needs the lock of `lockSigningKeys` before it. */
function retireSigningKeys(besideMs: number): Statement {
  return {
    name: 'retire-signing-keys',
    text: `
      update colloquy.signing_keys k set retired_at = colloquy.now_utc()
      where k.retired_at is null and exists (
        select from colloquy.signing_keys y
        where y.retired_at is null and y.created_at > k.created_at
          and y.created_at < colloquy.now_utc() - $1::float8 * interval '1 millisecond')`,
    values: [besideMs],
  };
}
