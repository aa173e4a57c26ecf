import { idOf, uuidOf } from '../../../kernel/ids.ts';
import type { TenantId } from '../../../kernel/ids.ts';
import { PlatformError } from '../../../kernel/errors.ts';
import type { CardInUse, CardStore, StoredSignatures } from '../../../modules/registry/index.ts';
import type { DatabasePool } from '../pool.ts';
import type { Statement } from '../statement.ts';
import { inTransaction, readInTenant } from '../transaction.ts';
import { whenAvailable } from '../when-available.ts';
import { policyOf } from './agent-columns.ts';
import { cardVersionOf, storedCardOf } from './card-version-columns.ts';
import { decideCardVersion } from './decide-card-version.ts';
import { findAgent } from './find-agent.ts';
import { findCardSignatures } from './find-card-signatures.ts';
import type { CardSignaturesRow } from './find-card-signatures.ts';
import { findCardVersion } from './find-card-version.ts';
import { findCardsInUse } from './find-cards-in-use.ts';
import type { CardInUseRow } from './find-cards-in-use.ts';
import { insertCardVersion } from './insert-card-version.ts';
import { storeCardSignatures } from './store-card-signatures.ts';
import { listCardVersions } from './list-card-versions.ts';
import { lockAgent } from './lock-agent.ts';
import { rollBackCardVersion } from './roll-back-card-version.ts';

/** Versions of cards in PostgreSQL, over a pool of the application's role. */
export function createCardStore(pool: DatabasePool): CardStore {
  const read = async <Row>(tenantId: TenantId, statement: Statement<Row>): Promise<readonly Row[]> =>
    (await whenAvailable(readInTenant(pool, uuidOf(tenantId), statement))).rows;
  return {
    async findInUse(tenantId, name) {
      const [inUse, pending] = await read(tenantId, findCardsInUse(tenantId, name));
      return inUse === undefined ? null : cardInUseOf(inUse, pending);
    },
    async findVersion(tenantId, name, version) {
      const [row] = await read(tenantId, findCardVersion(tenantId, name, version));
      return row === undefined ? null : storedCardOf(row);
    },
    async listVersions(tenantId, name, page) {
      const rows = await read(tenantId, listCardVersions(tenantId, name, page));
      if (rows.length > 0) return rows.map(cardVersionOf);
      return (await read(tenantId, findAgent(tenantId, name))).length === 0 ? null : [];
    },
    async add(tenantId, next, entry) {
      const statements = [lockAgent(tenantId, next.name), insertCardVersion(tenantId, next, entry)] as const;
      const options = { tenantIds: [uuidOf(tenantId)] };
      const [, added] = await whenAvailable(inTransaction(pool, options, statements));
      return added.rows[0]?.version ?? null;
    },
    async decide(tenantId, decision, entry) {
      const statements = [lockAgent(tenantId, decision.name), decideCardVersion(tenantId, decision, entry)] as const;
      const options = { tenantIds: [uuidOf(tenantId)] };
      const [, decided] = await whenAvailable(inTransaction(pool, options, statements));
      return decided.rows.length === 1;
    },
    async rollBack(tenantId, decision, entry) {
      const statements = [lockAgent(tenantId, decision.name), rollBackCardVersion(tenantId, decision, entry)] as const;
      const options = { tenantIds: [uuidOf(tenantId)] };
      const [, moved] = await whenAvailable(inTransaction(pool, options, statements));
      return moved.rows.length === 1;
    },
    async storeSignatures(place, made) {
      const { tenantId, agentId } = place;
      const statements = [storeCardSignatures(place, made), findCardSignatures(tenantId, agentId)] as const;
      const options = { tenantIds: [uuidOf(tenantId)] };
      const [, kept] = await whenAvailable(inTransaction(pool, options, statements));
      const [row] = kept.rows;
      if (row === undefined) throw new PlatformError('registry.agent-unknown');
      return keptSignaturesOf(row);
    },
  };
}

function cardInUseOf(row: CardInUseRow, pending: CardInUseRow | undefined): CardInUse {
  return {
    ...storedCardOf(row),
    agentId: idOf('agt', row.agent_id),
    policy: policyOf(row),
    credentialOrigin: row.credential_origin,
    pending: pending === undefined ? null : storedCardOf(pending),
  };
}

/** Our signatures as their row has them. */
export function keptSignaturesOf({ digest, signatures, signed_at }: CardSignaturesRow): StoredSignatures {
  return { digest: digest.replaceAll('-', ''), signatures, signedAt: signed_at };
}
