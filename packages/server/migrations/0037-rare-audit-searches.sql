-- Searches for what is rare are read along an index of their own. What every task leaves is in neither of them, so that a send writes to no
-- index more.

set local role colloquy_owner;

create index audit_entries_by_action on colloquy.audit_entries (tenant_id, action, occurred_at) where action <> 'task.completed';
create index audit_entries_by_outcome on colloquy.audit_entries (tenant_id, outcome, occurred_at) where outcome <> 'succeeded';

reset role;
