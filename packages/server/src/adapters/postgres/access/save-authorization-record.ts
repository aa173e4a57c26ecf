import type { AuthorizationRecord } from '../../../modules/access/index.ts';
import type { Statement } from '../statement.ts';

/** Keeps or replaces a record of the authorization server. */
export function saveAuthorizationRecord(
  model: string,
  id: string,
  record: AuthorizationRecord,
  lifeSeconds: number | undefined,
): Statement {
  return {
    name: 'save-authorization-record',
    text: `
      insert into colloquy.oidc_records (model, record_id, payload, grant_id, expires_at)
      values ($1, $2, $3, $4, colloquy.now_utc() + $5 * interval '1 second')
      on conflict (model, record_id) do update
      set payload = excluded.payload, grant_id = excluded.grant_id, expires_at = excluded.expires_at`,
    values: [
      model,
      id,
      JSON.stringify(record),
      typeof record['grantId'] === 'string' ? record['grantId'] : null,
      lifeSeconds ?? null,
    ],
  };
}
