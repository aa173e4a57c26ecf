import type { Statement } from '../statement.ts';

export interface EndpointCheckRow {
  readonly tenant_id: string;
  readonly agent_id: string;
  readonly failures: number;
}

/** Claims due checks, at most `checksMax`, for `claimMs`. Rows that another worker is claiming now are skipped. */
export function claimEndpointChecks(checksMax: number, claimMs: number): Statement<EndpointCheckRow> {
  return {
    name: 'claim-endpoint-looks',
    text: `
      with due as (
        select tenant_id, agent_id from colloquy.endpoint_looks where next_look_at <= colloquy.now_utc()
        order by next_look_at limit $1 for update skip locked
      )
      update colloquy.endpoint_looks l set next_look_at = colloquy.now_utc() + $2::float8 * interval '1 millisecond'
      from due where l.tenant_id = due.tenant_id and l.agent_id = due.agent_id
      returning l.tenant_id, l.agent_id, l.failures`,
    values: [checksMax, claimMs],
  };
}
