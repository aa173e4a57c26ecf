-- What a task took, for the lines of its price: the working time, and the items and units that its agent reported. Null: the price has no such parts.

set local role colloquy_owner;

alter table colloquy.tasks add column usage jsonb;
-- No query looks for it, so it needs no statistics.
alter table colloquy.tasks alter column usage set statistics 0;

reset role;
