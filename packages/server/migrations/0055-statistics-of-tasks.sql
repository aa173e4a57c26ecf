-- What no query asks of tasks but beside their key is not sorted and counted by each analysis, which comes every ten seconds while the
-- table is small, and keeps a core from streams that begin.

set local role colloquy_owner;

alter table colloquy.tasks
  alter column request_id set statistics 0,
  alter column last_seq set statistics 0,
  alter column attempt set statistics 0,
  alter column upstream_task_id set statistics 0,
  alter column reserved_microcredits set statistics 0,
  alter column decision set statistics 0,
  alter column send_options set statistics 0,
  alter column chain set statistics 0,
  alter column budget_ids set statistics 0,
  alter column queue_delay_ms set statistics 0,
  alter column queued_at set statistics 0,
  alter column slot_keys set statistics 0,
  alter column tries set statistics 0;

reset role;
