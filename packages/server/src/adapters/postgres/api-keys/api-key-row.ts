import { idOf } from '../../../kernel/ids.ts';
import type { ApiKey } from '../../../modules/api-keys/index.ts';

/** The columns that show an API key. */
export const apiKeyColumns = `
  k.key_id, k.principal_id, k.name, k.scopes, k.agent_names, k.department, k.cost_center, k.created_by, k.created_at, k.expires_at, k.last_used_at, k.revoked_at`;

export interface ApiKeyRow {
  readonly key_id: string;
  readonly principal_id: string;
  readonly name: string;
  readonly scopes: readonly string[];
  readonly agent_names: readonly string[] | null;
  readonly department: string | null;
  readonly cost_center: string | null;
  readonly created_by: string;
  readonly created_at: Date;
  readonly expires_at: Date;
  readonly last_used_at: Date | null;
  readonly revoked_at: Date | null;
}

export function apiKeyOf(row: ApiKeyRow): ApiKey {
  return {
    keyId: idOf('apk', row.key_id.slice(4)),
    principalId: row.principal_id,
    name: row.name,
    scopes: row.scopes,
    agentNames: row.agent_names,
    allocation: { department: row.department, costCenter: row.cost_center },
    createdBy: row.created_by,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    lastUsedAt: row.last_used_at,
    revokedAt: row.revoked_at,
  };
}
