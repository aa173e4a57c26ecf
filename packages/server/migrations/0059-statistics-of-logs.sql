-- Of logs that every task adds to, an analysis reads 3,000 rows instead of 30,000: it comes every ten seconds while they are small, and
-- queries ask of them by key, tenant and time, or along indexes of what is rare. Nothing is counted of what is only read beside those.

set local role colloquy_owner;

alter table colloquy.audit_entries
  alter column tenant_id set statistics 10,
  alter column entry_id set statistics 10,
  alter column occurred_at set statistics 10,
  alter column actor_id set statistics 10,
  alter column action set statistics 10,
  alter column outcome set statistics 10,
  alter column resource set statistics 10,
  alter column request_id set statistics 0,
  alter column written_in set statistics 10;

alter table colloquy.audit_chain
  alter column tenant_id set statistics 10,
  alter column seq set statistics 10,
  alter column entry_id set statistics 10,
  alter column occurred_at set statistics 10,
  alter column actor_id set statistics 10,
  alter column resource set statistics 10,
  alter column sealed_at set statistics 0;

alter table colloquy.ledger_entries
  alter column tenant_id set statistics 10,
  alter column reservation_id set statistics 10,
  alter column kind set statistics 10,
  alter column amount_microcredits set statistics 0,
  alter column created_at set statistics 10;

alter table colloquy.idempotency_keys
  alter column tenant_id set statistics 10,
  alter column key_hash set statistics 10,
  alter column fingerprint set statistics 0,
  alter column task_id set statistics 10,
  alter column created_at set statistics 10;

reset role;
