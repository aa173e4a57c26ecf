import type { Statement } from '../statement.ts';

/** Forgets records of the authorization server that have expired, at most `limit` of them. */
export function forgetExpiredRecords(limit: number): Statement {
  return {
    name: 'forget-expired-records',
    text: `
      delete from colloquy.oidc_records where ctid = any (array(
        select ctid from colloquy.oidc_records where expires_at < colloquy.now_utc() limit $1))`,
    values: [limit],
  };
}
