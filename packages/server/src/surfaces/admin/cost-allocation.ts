import { Type } from 'typebox';
import type { Static } from 'typebox';
import type { CostAllocation } from '../../kernel/caller.ts';
import { limits } from '../../kernel/limits.ts';
import { closed, component } from './page-schemas.ts';

export const allocationFields = {
  department: Type.Optional(
    Type.String({
      maxLength: limits.allocationCharsMax,
      description: 'Its tasks count for this department, in usage and budgets, instead of that of the agent.',
    }),
  ),
  costCenter: Type.Optional(
    Type.String({ maxLength: limits.allocationCharsMax, description: 'The same for the cost center.' }),
  ),
};
export const allocationSchema = component('CostAllocation', Type.Object(allocationFields, closed));

/** The allocation that a body states; what it leaves out is none. */
export function allocationFrom(body: Static<typeof allocationSchema>): CostAllocation {
  return { department: body.department ?? null, costCenter: body.costCenter ?? null };
}

/** An allocation as answers show it. */
export function shownAllocation({ department, costCenter }: CostAllocation): Static<typeof allocationSchema> {
  return { ...(department === null ? {} : { department }), ...(costCenter === null ? {} : { costCenter }) };
}
