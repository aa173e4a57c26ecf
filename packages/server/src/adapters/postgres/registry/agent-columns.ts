import { idOf, uuidOf } from '../../../kernel/ids.ts';
import type { TenantId } from '../../../kernel/ids.ts';
import type {
  AgentProfile,
  CardSignatureState,
  CardVisibility,
  CredentialKind,
  RegisteredAgent,
} from '../../../modules/registry/index.ts';
import type { OwnCardPolicy } from '../../../modules/trust/index.ts';
import type { Statement } from '../statement.ts';

const isKeyRevoked = (alias: string, kid: string): string => `
  exists (select from colloquy.trusted_card_keys t
    where t.tenant_id = ${alias}.tenant_id and t.kid = ${alias}.${kid} and t.revoked_at is not null) as is_key_revoked`;

/** The signature state of a card version `v` of `colloquy.agent_card_versions`. */
export const signatureColumns = `v.signature_state, v.signature_kid, ${isKeyRevoked('v', 'signature_kid')}`;

export interface SignatureColumns {
  readonly signature_state: CardSignatureState['state'];
  readonly signature_kid: string | null;
  readonly is_key_revoked: boolean;
}

export function signatureOf(row: SignatureColumns): CardSignatureState {
  return { state: row.signature_state, kid: row.signature_kid, isKeyRevoked: row.is_key_revoked };
}

/** The best health among the instances that take new tasks, for the row of `colloquy.agents` with this alias. */
export const healthOf = (alias: string): string => `coalesce((array['healthy', 'degraded', 'unknown', 'unhealthy'])[(
    select min(array_position(array['healthy', 'degraded', 'unknown', 'unhealthy'], i.health)) from colloquy.agent_instances i
    where i.tenant_id = ${alias}.tenant_id and i.agent_id = ${alias}.agent_id and i.left_at is null and i.admission = 'active'
  )], 'unknown')`;

/** The columns of an agent `a` of `colloquy.agents`. */
export const agentColumns = `
  a.agent_id, a.name, a.card_version, a.card_visibility, a.price_microcredits, a.idempotent, a.task_ms_max, a.credential_kind,
  a.credential_header, a.registered_by, a.created_at, a.card_title as title, a.card_description as description,
  a.card_release as version, a.card_streaming as streaming, a.card_skill_ids as skill_ids, a.extended_skill_ids, a.signature_policy, a.approval_policy,
  a.department, a.owner, a.cost_center, a.tier, a.slots_max, a.regions, a.scopes, a.status, a.documentation_url, ${healthOf('a')} as health,
  a.card_signature_state as signature_state, a.card_signature_kid as signature_kid, ${isKeyRevoked('a', 'card_signature_kid')},
  a.pending_card_version as pending_version`;

export interface AgentRow extends SignatureColumns, PolicyColumns, ProfileColumns {
  readonly agent_id: string;
  readonly name: string;
  readonly card_version: number;
  readonly card_visibility: CardVisibility;
  readonly price_microcredits: bigint;
  readonly idempotent: boolean;
  readonly task_ms_max: number;
  readonly credential_kind: CredentialKind;
  readonly credential_header: string | null;
  readonly registered_by: string;
  readonly created_at: Date;
  readonly title: string;
  readonly description: string;
  readonly version: string;
  readonly streaming: boolean;
  readonly skill_ids: readonly string[];
  readonly extended_skill_ids: readonly string[];
  readonly pending_version: number | null;
}

interface ProfileColumns {
  readonly department: string | null;
  readonly owner: string | null;
  readonly cost_center: string | null;
  readonly tier: AgentProfile['tier'];
  readonly slots_max: number | null;
  readonly regions: readonly string[];
  readonly scopes: readonly string[];
  readonly status: AgentProfile['status'];
  readonly documentation_url: string | null;
  readonly health: RegisteredAgent['health'];
}

function profileOf(row: ProfileColumns): AgentProfile {
  return {
    department: row.department,
    owner: row.owner,
    costCenter: row.cost_center,
    tier: row.tier,
    slotsMax: row.slots_max,
    regions: row.regions,
    scopes: row.scopes,
    status: row.status,
    documentationUrl: row.documentation_url,
  };
}

export interface PolicyColumns {
  readonly signature_policy: OwnCardPolicy['signatures'];
  readonly approval_policy: OwnCardPolicy['approval'];
}

export function policyOf(row: PolicyColumns): OwnCardPolicy {
  return { signatures: row.signature_policy, approval: row.approval_policy };
}

export function agentOf(tenantId: TenantId, row: AgentRow): RegisteredAgent {
  return {
    tenantId,
    agentId: idOf('agt', row.agent_id),
    name: row.name,
    cardVersion: row.card_version,
    cardVisibility: row.card_visibility,
    priceMicrocredits: row.price_microcredits,
    idempotent: row.idempotent,
    taskMsMax: row.task_ms_max,
    credentialKind: row.credential_kind,
    credentialHeader: row.credential_header,
    registeredBy: row.registered_by,
    createdAt: row.created_at,
    title: row.title,
    description: row.description,
    version: row.version,
    streaming: row.streaming,
    skillIds: row.skill_ids,
    extendedSkillIds: row.extended_skill_ids,
    profile: profileOf(row),
    health: row.health,
    cardPolicy: policyOf(row),
    cardSignature: signatureOf(row),
    pendingCardVersion: row.pending_version,
  };
}

const findAgentText = `
  select ${agentColumns} from colloquy.agents a
  where a.tenant_id = $1 and a.name = $2 and a.deregistered_at is null`;

/** The open agent with this name in the tenant. */
export function findAgent(tenantId: TenantId, name: string): Statement<AgentRow> {
  return { name: 'find-agent', text: findAgentText, values: [uuidOf(tenantId), name] };
}
