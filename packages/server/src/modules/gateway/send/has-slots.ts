import type { Route } from '../../routing/index.ts';

/** Whether the agent, or an instance of it, works on so many tasks at a time. */
export function hasSlots({ slotsMax, instances }: Pick<Route, 'slotsMax' | 'instances'>): boolean {
  if (slotsMax !== null) return true;
  for (const instance of instances) if (instance.slotsMax !== null) return true;
  return false;
}
