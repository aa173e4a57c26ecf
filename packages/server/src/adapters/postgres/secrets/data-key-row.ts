import type { KeyOwner, WrappedDataKey } from '../../../modules/secrets/index.ts';

export interface DataKeyRow {
  readonly key_id: string;
  readonly kek_id: string;
  readonly wrapped: Buffer;
}

export function dataKeyOf(owner: KeyOwner, row: DataKeyRow): WrappedDataKey {
  return { owner, keyId: row.key_id.replaceAll('-', ''), kekId: row.kek_id, wrapped: row.wrapped };
}
