import type { Statement } from '../statement.ts';

/** Removes every record that was issued under a grant. */
export function removeAuthorizationGrant(grantId: string): Statement {
  return {
    name: 'remove-authorization-grant',
    text: `delete from colloquy.oidc_records where grant_id = $1`,
    values: [grantId],
  };
}
