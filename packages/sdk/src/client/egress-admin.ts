import type { AdminCall } from './admin-call.ts';
import { making, reading, removing } from './admin-requests.ts';
import { list, object, string } from './answer-shape.ts';
import type { Reader } from './answer-shape.ts';

/** A private address that the platform may call for a tenant. */
export interface EgressAllowance {
  /** A range, an address, or the name of a host. */
  readonly target: string;
  /** `range` or `host`. */
  readonly kind: string;
  /** Id of the operator. */
  readonly allowedBy: string;
  readonly createdAt: string;
}

/** What the platform may call for a tenant beside public addresses; for operators. */
export interface EgressAdmin {
  list(): Promise<readonly EgressAllowance[]>;
  allow(target: string): Promise<EgressAllowance>;
  remove(target: string): Promise<void>;
}

const allowance: Reader<EgressAllowance> = object<EgressAllowance>({
  target: string,
  kind: string,
  allowedBy: string,
  createdAt: string,
});
const allowances = object<{ readonly items: readonly EgressAllowance[] }>({ items: list(allowance) });

/** The part of the admin client that is about egress, at its path below a tenant. */
export function egressAdmin(call: AdminCall, path: string): EgressAdmin {
  return {
    list: async () => (await call({ ...reading(path), read: allowances })).items,
    allow: (target) => call({ ...making(path, { target }), read: allowance }),
    remove: (target) => call({ ...removing(path), query: { target }, read: () => undefined }),
  };
}
