import { uuidOf } from '../../../kernel/ids.ts';
import type { TenantId } from '../../../kernel/ids.ts';
import type { Statement } from '../statement.ts';

export interface WalletRow {
  readonly granted_microcredits: bigint;
  readonly available_microcredits: bigint;
  readonly reserved_microcredits: bigint;
  readonly used_microcredits: bigint;
}

const text = `
  select granted_microcredits, available_microcredits, reserved_microcredits, used_microcredits
  from colloquy.wallets where tenant_id = $1`;

/** The wallet of a tenant. */
export function readWallet(tenantId: TenantId): Statement<WalletRow> {
  return { name: 'read-wallet', text, values: [uuidOf(tenantId)] };
}
