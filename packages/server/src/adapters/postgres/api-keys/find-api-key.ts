import type { ApiKeyId } from '../../../kernel/ids.ts';
import type { Statement } from '../statement.ts';

export interface ApiKeyLookupRow {
  readonly tenant_id: string;
  readonly tenant_slug: string;
  readonly key_id: string;
  readonly principal_id: string;
  readonly secret_hash: Uint8Array;
  readonly scopes: readonly string[];
  readonly agent_names: readonly string[] | null;
  readonly left_ms: number;
  readonly is_live: boolean;
}

const text = `
  select tenant_id, tenant_slug, key_id, principal_id, secret_hash, scopes, agent_names, left_ms, is_live
  from colloquy.find_api_key($1)`;

/** A key of whichever tenant: its id is all that a request tells. */
export function findApiKey(keyId: ApiKeyId): Statement<ApiKeyLookupRow> {
  return { name: 'find-api-key', text, values: [keyId] };
}
