import type { CostAllocation } from '../../kernel/caller.ts';

/** The allocation of a client or key that has one. */
export function allocationOf(row: { readonly department: string | null; readonly cost_center: string | null }): {
  readonly allocation?: CostAllocation;
} {
  const { department, cost_center: costCenter } = row;
  return department === null && costCenter === null ? {} : { allocation: { department, costCenter } };
}
