import type { AllowanceKind, EgressAllowance } from '../../../modules/egress/index.ts';

export const allowanceColumns = 'a.target, a.kind, a.allowed_by, a.created_at';

export interface AllowanceRow {
  readonly target: string;
  readonly kind: AllowanceKind;
  readonly allowed_by: string;
  readonly created_at: Date;
}

export function allowanceOf(row: AllowanceRow): EgressAllowance {
  return { target: row.target, kind: row.kind, allowedBy: row.allowed_by, createdAt: row.created_at };
}
