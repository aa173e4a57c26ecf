-- Housekeeping finds old alerts and dead-lettered events by their age, and deletes old events of a tenant in the order of their numbers.

set local role colloquy_owner;

create index credit_alerts_by_age on colloquy.credit_alerts (raised_at);
create index event_dead_letters_by_age on colloquy.event_dead_letters (dead_at);
grant select (tenant_id, seq) on colloquy.event_outbox to colloquy_worker;

reset role;
