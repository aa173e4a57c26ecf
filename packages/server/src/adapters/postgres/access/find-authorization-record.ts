import type { AuthorizationRecord } from '../../../modules/access/index.ts';
import type { Statement } from '../statement.ts';

/** A record of the authorization server whose time has not passed. */
export function findAuthorizationRecord(
  model: string,
  id: string,
): Statement<{ readonly payload: AuthorizationRecord }> {
  return {
    name: 'find-authorization-record',
    text: `
      select payload from colloquy.oidc_records
      where model = $1 and record_id = $2 and (expires_at is null or expires_at > colloquy.now_utc())`,
    values: [model, id],
  };
}
