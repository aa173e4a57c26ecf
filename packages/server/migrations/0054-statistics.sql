-- What nothing asks for by its value is not sorted and counted by each analysis. Events come at thousands a second and are only ever read
-- by their task: few rows say enough of them, and an analysis of many took a core for a tenth of a second every ten seconds, while
-- streams that began heard their first word late.

set local role colloquy_owner;

alter table colloquy.task_events
  alter column tenant_id set statistics 10,
  alter column task_id set statistics 10,
  alter column seq set statistics 10,
  alter column kind set statistics 10,
  alter column payload set statistics 0,
  alter column occurred_at set statistics 10;
alter table colloquy.audit_entries alter column facts set statistics 0;
alter table colloquy.audit_chain alter column hash set statistics 0, alter column digests set statistics 0;

reset role;
