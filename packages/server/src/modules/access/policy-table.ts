import { policyTable } from '../../kernel/declarations.gen.ts';
import type { OperationPolicy } from '../../kernel/operation-policy.ts';

/** Every operation of the platform, as the files of `kernel/declarations` name them. Every endpoint names one. */
export type Operation = keyof typeof policyTable;
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- these are the keys of the table
export const operations = Object.keys(policyTable) as readonly Operation[];

/** The policy of an operation; undefined when it has none, which refuses it. */
export function policyOf(operation: string): OperationPolicy | undefined {
  return Object.hasOwn(policyTable, operation)
    ? (policyTable as Readonly<Record<string, OperationPolicy>>)[operation]
    : undefined;
}
