import type { Statement } from '../statement.ts';

/** Removes a record of the authorization server. */
export function removeAuthorizationRecord(model: string, id: string): Statement {
  return {
    name: 'remove-authorization-record',
    text: `delete from colloquy.oidc_records where model = $1 and record_id = $2`,
    values: [model, id],
  };
}
