import type { AdminCall } from './admin-call.ts';
import { reading, setting } from './admin-requests.ts';
import { object, wholeNumber } from './answer-shape.ts';

/** How deep a tenant's chains of tasks may be: hops below the first task, 1 to 4. */
export interface DelegationAdmin {
  depthMax(): Promise<number>;
  /** Needs the scope `limits:write`. Answers what holds from now on. */
  setDepthMax(depthMax: number): Promise<number>;
}

const rule = object<{ readonly depthMax: number }>({ depthMax: wholeNumber });

/** The part of the admin client that is about chains of tasks. */
export function delegationAdmin(call: AdminCall, base: string): DelegationAdmin {
  const path = `${base}/delegation`;
  return {
    depthMax: async () => (await call({ ...reading(path), read: rule })).depthMax,
    setDepthMax: async (depthMax) => (await call({ ...setting(path, { depthMax }), read: rule })).depthMax,
  };
}
