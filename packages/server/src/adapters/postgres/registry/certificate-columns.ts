import { idOf } from '../../../kernel/ids.ts';
import { limits } from '../../../kernel/limits.ts';
import type { AgentCertificate, CertificateWarning } from '../../../modules/registry/index.ts';

/**
 * The endpoint of an instance `i`; instances with one origin share an endpoint. It is the checked origin (`s.origin`), else the part of the
 * address that is sure to name the same endpoint.
 */
const place = `coalesce(s.origin, regexp_replace(lower(substring(i.url from '^[A-Za-z]+://[^/?#]+')), '^(https://.*):443$', '\\1'), i.url)`;

/**
 * One row for each endpoint of the agents in `agents`, or one for an agent without an endpoint, with the endpoint's last certificate, there or at
 * an earlier address. Instances that left, or whose lease expired, have no endpoint. `offset 0` keeps the lookup by an instance's key.
 */
export const certificatesOf = (agents: string): string => `
  select a.name, a.pinned_keys, e.instance_ids, e.url, c.origin, c.subject, c.issuer, c.not_before, c.not_after, c.key_pin, c.problem,
    c.checked_at, case when c.not_after <= colloquy.now_utc() then 'ended'
      when c.not_after <= colloquy.now_utc() + ${limits.certificateWarningMs} * interval '1 millisecond' then 'ends-soon' end as warning
  from ${agents} a
  left join lateral (
    select array_agg(i.instance_id order by i.instance_id) as instance_ids, (array_agg(i.url order by i.instance_id))[1] as url
    from colloquy.agent_instances i
    left join lateral (
      select l.is_lapsed from colloquy.instance_leases l where l.tenant_id = i.tenant_id and l.instance_id = i.instance_id offset 0
    ) l on true
    left join lateral (
      select s.origin from colloquy.instance_certificates s where s.tenant_id = i.tenant_id and s.instance_id = i.instance_id offset 0
    ) s on true
    where i.tenant_id = a.tenant_id and i.agent_id = a.agent_id and i.left_at is null and l.is_lapsed is not true
    group by ${place}
  ) e on true
  left join lateral (
    select s.* from colloquy.instance_certificates s where s.tenant_id = a.tenant_id and s.instance_id = any (e.instance_ids)
    order by s.checked_at desc limit 1
  ) c on true`;

export interface CertificateRow {
  readonly name: string;
  readonly pinned_keys: readonly string[];
  /** Null when the agent has no instance; then the following columns are null as well. */
  readonly instance_ids: readonly string[] | null;
  readonly url: string;
  readonly origin: string;
  readonly subject: string;
  readonly issuer: string;
  readonly not_before: Date;
  readonly not_after: Date;
  readonly key_pin: string;
  readonly problem: string | null;
  readonly warning: CertificateWarning | null;
  /** Null when the endpoint was never checked; then the columns of the certificate are null as well. */
  readonly checked_at: Date | null;
}

/** Hides a certificate from an earlier address. An address can be spelled in many ways; an origin has one form (WHATWG URL section 4.7). */
export function certificateOf(row: CertificateRow): AgentCertificate {
  const { subject, issuer, problem, warning, checked_at: checkedAt } = row;
  const { not_before: notBefore, not_after: notAfter, key_pin: keyPin } = row;
  const instanceIds = (row.instance_ids ?? []).map((uuid) => idOf('ins', uuid));
  const origin = row.instance_ids === null ? '' : (URL.parse(row.url)?.origin ?? '');
  return {
    agentName: row.name,
    origin,
    instanceIds,
    pinnedKeys: row.pinned_keys,
    seen:
      checkedAt === null || row.origin !== origin
        ? null
        : { origin, subject, issuer, notBefore, notAfter, keyPin, problem, warning, checkedAt },
  };
}
