import type { AuthorizationRecord } from '../../../modules/access/index.ts';
import type { Statement } from '../statement.ts';

/** A session by the id that grants know it by. */
export function findSessionRecord(uid: string): Statement<{ readonly payload: AuthorizationRecord }> {
  return {
    name: 'find-session-record',
    text: `
      select payload from colloquy.oidc_records
      where model = 'Session' and payload ->> 'uid' = $1 and expires_at > colloquy.now_utc() limit 1`,
    values: [uid],
  };
}
