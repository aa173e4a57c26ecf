import type { AgentCardSignature } from '@colloquy/protocol';
import { PlatformError } from '../../../kernel/errors.ts';
import { idOf, uuidOf } from '../../../kernel/ids.ts';
import type { AgentId, TenantId } from '../../../kernel/ids.ts';
import type { PageRequest } from '../../../kernel/page.ts';
import type { CardInUse, CardStore, StoredSignatures } from '../../../modules/registry/index.ts';
import type { DatabasePool } from '../pool.ts';
import type { Statement } from '../statement.ts';
import { inTransaction, readInTenant } from '../transaction.ts';
import { whenAvailable } from '../when-available.ts';
import { findAgent, policyOf } from './agent-columns.ts';
import type { PolicyColumns } from './agent-columns.ts';
import { cardVersionColumns, cardVersionOf, storedCardColumns, storedCardOf } from './card-version-columns.ts';
import type { CardVersionRow, StoredCardRow } from './card-version-columns.ts';
import { decideCardVersion, rollBackCardVersion } from './decide-card-version.ts';
import { insertCardVersion } from './insert-card-version.ts';

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
      return storedSignaturesOf(row);
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

/** The platform's signatures from their row. */
export function storedSignaturesOf({ digest, signatures, signed_at }: CardSignaturesRow): StoredSignatures {
  return { digest: digest.replaceAll('-', ''), signatures, signedAt: signed_at };
}

const lockAgentText = `
  select agent_id from colloquy.agents where tenant_id = $1 and name = $2 and deregistered_at is null for no key update`;

/** Locks the agent, so that changes of its cards run one after another; the next statement sees the last change. */
function lockAgent(tenantId: TenantId, name: string): Statement {
  return { name: 'lock-agent', text: lockAgentText, values: [uuidOf(tenantId), name] };
}

interface CardInUseRow extends StoredCardRow, PolicyColumns {
  readonly agent_id: string;
  readonly credential_origin: string | null;
}

const findCardsInUseText = `
  select a.agent_id, a.signature_policy, a.approval_policy, a.credential_origin, ${storedCardColumns}
  from colloquy.agents a
  join colloquy.agent_card_versions v on v.tenant_id = a.tenant_id and v.agent_id = a.agent_id
    and (v.version = a.card_version or v.status = 'pending')
  where a.tenant_id = $1 and a.name = $2 and a.deregistered_at is null
  order by is_in_use desc, v.version desc
  limit 2`;

/** The card in use of a tenant's agent, then the pending card, if there is one. */
function findCardsInUse(tenantId: TenantId, name: string): Statement<CardInUseRow> {
  return { name: 'find-cards-in-use', text: findCardsInUseText, values: [uuidOf(tenantId), name] };
}

const findCardVersionText = `
  select ${storedCardColumns}
  from colloquy.agents a
  join colloquy.agent_card_versions v on v.tenant_id = a.tenant_id and v.agent_id = a.agent_id and v.version = $3
  where a.tenant_id = $1 and a.name = $2 and a.deregistered_at is null`;

/** One version of the card of a tenant's agent. */
function findCardVersion(tenantId: TenantId, name: string, version: number): Statement<StoredCardRow> {
  return { name: 'find-card-version', text: findCardVersionText, values: [uuidOf(tenantId), name, version] };
}

const listCardVersionsText = `
  select ${cardVersionColumns}
  from colloquy.agents a
  join colloquy.agent_card_versions v on v.tenant_id = a.tenant_id and v.agent_id = a.agent_id
  where a.tenant_id = $1 and a.name = $2 and a.deregistered_at is null and v.version < $3
  order by v.version desc
  limit $4`;

const versionMax = 2_147_483_647;

/** The versions of the card of a tenant's agent, newest first. */
function listCardVersions(tenantId: TenantId, name: string, { after, limit }: PageRequest): Statement<CardVersionRow> {
  const before = after === null ? versionMax : Number(after);
  return { name: 'list-card-versions', text: listCardVersionsText, values: [uuidOf(tenantId), name, before, limit] };
}

interface CardSignaturesRow {
  readonly digest: string;
  readonly signatures: readonly AgentCardSignature[];
  readonly signed_at: Date;
}

const findCardSignaturesText = `
  select digest, signatures, signed_at from colloquy.served_card_signatures where tenant_id = $1 and agent_id = $2`;

/** The platform's signatures over the served card of an agent. */
function findCardSignatures(tenantId: TenantId, agentId: AgentId): Statement<CardSignaturesRow> {
  return { name: 'find-card-signatures', text: findCardSignaturesText, values: [uuidOf(tenantId), uuidOf(agentId)] };
}

const storeCardSignaturesText = `
  insert into colloquy.served_card_signatures as kept (tenant_id, agent_id, digest, signatures) values ($1, $2, $3, $4)
  on conflict (tenant_id, agent_id) do update
    set digest = excluded.digest, signatures = excluded.signatures, signed_at = colloquy.now_utc()
    where kept.digest <> excluded.digest`;

/** Stores the platform's signatures over a served card, unless signatures for the same digest are stored already. */
function storeCardSignatures(
  { tenantId, agentId }: { readonly tenantId: TenantId; readonly agentId: AgentId },
  { digest, signatures }: Omit<StoredSignatures, 'signedAt'>,
): Statement {
  return {
    name: 'keep-card-signatures',
    text: storeCardSignaturesText,
    values: [uuidOf(tenantId), uuidOf(agentId), digest, JSON.stringify(signatures)],
  };
}
