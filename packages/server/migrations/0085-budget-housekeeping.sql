-- Housekeeping deletes windows of budgets long after their end, and sees nothing else of them. Budgets of delegation chains have no end.

set local role colloquy_owner;

create index delegation_budgets_by_end on colloquy.delegation_budgets (ends_at) where ends_at is not null;
grant select (ctid, ends_at), delete on colloquy.delegation_budgets to colloquy_worker;
create policy housekeeping on colloquy.delegation_budgets for all to colloquy_worker
  using (ends_at < colloquy.now_utc() - interval '32 days');

reset role;
