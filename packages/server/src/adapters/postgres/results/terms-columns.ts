import type { KeptResultTerms, ResultTerms, SetResultTerms } from '../../../modules/results/index.ts';

/** What is kept of a subject. */
export const termsColumns = `agent_name, skill_id, shared_by, hit_price_percent, stale_ms, is_on, purges, changed_by, changed_at`;

export interface TermsRow {
  readonly agent_name: string;
  readonly skill_id: string;
  readonly shared_by: ResultTerms['sharedBy'] | null;
  readonly hit_price_percent: number | null;
  readonly stale_ms: bigint | null;
  readonly is_on: boolean | null;
  readonly purges: number;
  readonly changed_by: string;
  readonly changed_at: Date;
}

export function keptTermsOf(row: TermsRow): KeptResultTerms {
  const subject = { agentName: row.agent_name, skillId: row.skill_id === '' ? null : row.skill_id };
  return { subject, terms: termsOf(row), purges: row.purges };
}

/** Of a row that says something. */
export function setTermsOf(row: TermsRow): SetResultTerms {
  const { subject, terms } = keptTermsOf(row);
  if (terms === null) throw new Error('Terms were listed that nobody set.');
  return { ...terms, subject, changedBy: row.changed_by, changedAt: row.changed_at };
}

function termsOf({ shared_by, hit_price_percent, stale_ms, is_on }: TermsRow): ResultTerms | null {
  if (shared_by === null || hit_price_percent === null || stale_ms === null || is_on === null) return null;
  return { sharedBy: shared_by, hitPricePercent: hit_price_percent, staleMs: Number(stale_ms), isOn: is_on };
}
