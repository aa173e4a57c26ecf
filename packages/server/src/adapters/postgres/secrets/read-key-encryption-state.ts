import type { Statement } from '../statement.ts';

export interface KeyEncryptionRow {
  readonly kek_id: string | null;
  readonly check_wrapped: Buffer | null;
  readonly root_id: string | null;
  readonly root_kek_id: string | null;
  readonly root_wrapped: Buffer | null;
  readonly has_tenants: boolean;
  readonly first_form_key: string | null;
}

/** Which key-encryption key is current, the root, and whether there was data before either. */
export function readKeyEncryptionState(): Statement<KeyEncryptionRow> {
  return { name: 'read-key-encryption-state', text, values: [] };
}

const text = `
select k.kek_id, k.check_wrapped, p.key_id as root_id, p.kek_id as root_kek_id, p.wrapped as root_wrapped,
  exists (select from colloquy.list_tenants('', 1)) as has_tenants,
  (select encode(substring(s.private_jwk_sealed from 2 for 8), 'hex') from colloquy.signing_keys s
    where get_byte(s.private_jwk_sealed, 0) = 1 order by s.kid limit 1) as first_form_key
from (select) one
left join colloquy.key_encryption_keys k on k.retired_at is null
left join colloquy.platform_keys p on p.retired_at is null and p.purpose = 'root'`;
