import type { Statement } from '../statement.ts';

/** Removes a grant and every record that was issued under it. */
export function removeAuthorizationGrant(grantId: string): Statement {
  return {
    name: 'remove-authorization-grant',
    text: `delete from colloquy.oidc_records where grant_id = $1 or (model = 'Grant' and record_id = $1)`,
    values: [grantId],
  };
}
