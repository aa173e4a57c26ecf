import { limits } from '../../../kernel/limits.ts';
import type { AgentCertificate, CertificateWarning } from '../../../modules/registry/index.ts';

/** An agent with where it is called, and what its endpoint has shown, there or elsewhere. */
export const certificateColumns = `
  select a.name, a.pinned_keys, i.url, c.origin, c.subject, c.issuer, c.not_before, c.not_after, c.key_pin, c.problem, c.checked_at,
    case when c.not_after <= colloquy.now_utc() then 'ended'
      when c.not_after <= colloquy.now_utc() + ${limits.certificateWarningMs} * interval '1 millisecond' then 'ends-soon' end as warning
  from colloquy.agents a
  join lateral (
    select i.url from colloquy.agent_instances i
    where i.tenant_id = a.tenant_id and i.agent_id = a.agent_id order by i.left_at is not null, i.instance_id limit 1
  ) i on true
  left join colloquy.endpoint_certificates c on c.tenant_id = a.tenant_id and c.agent_id = a.agent_id`;

export interface CertificateRow {
  readonly name: string;
  readonly pinned_keys: readonly string[];
  readonly url: string;
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

/** What it showed elsewhere, before it moved, is not shown. An address may be written in many ways; an origin has one form (WHATWG URL section 4.7). */
export function certificateOf(row: CertificateRow): AgentCertificate {
  const { subject, issuer, problem, warning, checked_at: checkedAt } = row;
  const { not_before: notBefore, not_after: notAfter, key_pin: keyPin } = row;
  const origin = URL.parse(row.url)?.origin ?? '';
  return {
    agentName: row.name,
    origin,
    pinnedKeys: row.pinned_keys,
    seen:
      checkedAt === null || row.origin !== origin
        ? null
        : { origin, subject, issuer, notBefore, notAfter, keyPin, problem, warning, checkedAt },
  };
}
