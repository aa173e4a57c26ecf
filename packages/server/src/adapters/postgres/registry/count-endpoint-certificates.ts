import type { Statement } from '../statement.ts';

export interface CertificateCountsRow {
  readonly refused: number;
  readonly ended: number;
  readonly ending: number;
  readonly fine: number;
}

/** How the certificates of the endpoints of all tenants are, each counted once, however many instances are there. */
export function countEndpointCertificates(warningMs: number): Statement<CertificateCountsRow> {
  return {
    name: 'count-endpoint-certificates',
    text: `
      with judged as (
        select case
          when not_after <= colloquy.now_utc() then 'ended'
          when problem is not null then 'refused'
          when not_after <= colloquy.now_utc() + $1::float8 * interval '1 millisecond' then 'ending'
          else 'fine' end as state
        from colloquy.instance_certificates where is_first
      )
      select count(*) filter (where state = 'refused')::int as refused, count(*) filter (where state = 'ended')::int as ended,
        count(*) filter (where state = 'ending')::int as ending, count(*) filter (where state = 'fine')::int as fine
      from judged`,
    values: [warningMs],
  };
}
