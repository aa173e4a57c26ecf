export { allowEgress, listAllowances, removeAllowance } from './change-allowances.ts';
export type { EgressPorts } from './change-allowances.ts';
export type { AllowanceKind, AllowanceReader, EgressAllowance } from './egress-allowance.ts';
export type { EgressAllowanceStore } from './egress-allowance-store.ts';
