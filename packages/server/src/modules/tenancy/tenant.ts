import type { TenantId } from '../../kernel/ids.ts';

/** A customer boundary. */
export interface Tenant {
  readonly id: TenantId;
  /** Its part of every public address; unique, never changed. */
  readonly slug: string;
  /** For people, 1 to 200 characters. */
  readonly name: string;
}

export interface RegisteredTenant extends Tenant {
  readonly createdAt: Date;
}
