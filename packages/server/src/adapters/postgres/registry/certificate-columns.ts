import { limits } from '../../../kernel/limits.ts';
import type { AgentCertificate, CertificateWarning } from '../../../modules/registry/index.ts';

/** An agent with what its endpoint has shown; what it showed elsewhere, before it moved, is not shown. */
export const certificateColumns = `
  select a.name, a.pinned_keys, i.origin, c.subject, c.issuer, c.not_before, c.not_after, c.key_pin, c.problem, c.checked_at,
    case when c.not_after <= colloquy.now_utc() then 'ended'
      when c.not_after <= colloquy.now_utc() + ${limits.certificateWarningMs} * interval '1 millisecond' then 'ends-soon' end as warning
  from colloquy.agents a
  join lateral (
    select substring(i.url from '^https?://[^/?#]+') as origin from colloquy.agent_instances i
    where i.tenant_id = a.tenant_id and i.agent_id = a.agent_id order by i.left_at is not null, i.instance_id limit 1
  ) i on true
  left join colloquy.endpoint_certificates c on c.tenant_id = a.tenant_id and c.agent_id = a.agent_id and c.origin = i.origin`;

export interface CertificateRow {
  readonly name: string;
  readonly pinned_keys: readonly string[];
  readonly origin: string;
  readonly subject: string;
  readonly issuer: string;
  readonly not_before: Date;
  readonly not_after: Date;
  readonly key_pin: string;
  readonly problem: string | null;
  readonly warning: CertificateWarning | null;
  /** Null: never looked at; then the columns of the certificate are null as well. */
  readonly checked_at: Date | null;
}

export function certificateOf(row: CertificateRow): AgentCertificate {
  const { origin, subject, issuer, problem, warning, checked_at: checkedAt } = row;
  const { not_before: notBefore, not_after: notAfter, key_pin: keyPin } = row;
  return {
    agentName: row.name,
    origin,
    pinnedKeys: row.pinned_keys,
    seen:
      checkedAt === null ? null : { origin, subject, issuer, notBefore, notAfter, keyPin, problem, warning, checkedAt },
  };
}
