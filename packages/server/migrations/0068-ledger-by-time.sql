-- Ledger entries are listed newest first. Ids cannot order them: those of grants are the clients', and random.

set local role colloquy_owner;
create index ledger_entries_by_time on colloquy.ledger_entries (tenant_id, created_at, reservation_id, kind);
reset role;
