import type { Statement } from '../statement.ts';

/** Marks a record of the authorization server as used. No row is changed when it is not there or was used already. */
export function consumeAuthorizationRecord(model: string, id: string): Statement {
  return {
    name: 'consume-authorization-record',
    text: `
      update colloquy.oidc_records
      set payload = payload || jsonb_build_object('consumed', extract(epoch from colloquy.now_utc())::bigint)
      where model = $1 and record_id = $2 and not (payload ? 'consumed')`,
    values: [model, id],
  };
}
