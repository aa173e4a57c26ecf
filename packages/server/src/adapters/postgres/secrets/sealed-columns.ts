import type { KeyOwner } from '../../../modules/secrets/index.ts';

/** A column that holds sealed secrets, and how a row of it is named where secrets are bound to their places. */
export interface SealedColumn {
  readonly table: string;
  readonly column: string;
  readonly isOfTenants: boolean;
  /** SQL of the row's id and of the other bound values, over the table's own columns. */
  readonly rowId: string;
  readonly boundTo: string;
}

/** Every sealed column of the database; a test holds the list against the catalogue. */
export const sealedColumns: readonly SealedColumn[] = [
  {
    table: 'agents',
    column: 'credential_sealed',
    isOfTenants: true,
    rowId: `'agt_' || replace(agent_id::text, '-', '')`,
    boundTo: 'credential_origin',
  },
  {
    table: 'push_subscriptions',
    column: 'token_sealed',
    isOfTenants: true,
    rowId: `replace(subscription_id::text, '-', '')`,
    boundTo: 'origin',
  },
  {
    table: 'push_subscriptions',
    column: 'credentials_sealed',
    isOfTenants: true,
    rowId: `replace(subscription_id::text, '-', '')`,
    boundTo: 'origin',
  },
  { table: 'audit_subjects', column: 'key_sealed', isOfTenants: true, rowId: 'subject_id', boundTo: `''` },
  { table: 'signing_keys', column: 'private_jwk_sealed', isOfTenants: false, rowId: 'kid', boundTo: `''` },
];

/** The columns of tenants, or of the platform. */
export function sealedColumnsOf(owner: KeyOwner): readonly SealedColumn[] {
  return sealedColumns.filter(({ isOfTenants }) => isOfTenants === (owner !== null));
}

export function nameOf({ table, column }: Pick<SealedColumn, 'table' | 'column'>): string {
  return `${table}.${column}`;
}
