-- A recording compares running totals that come with its batch, so nothing sums with an eye on a purse any more.

set local role colloquy_owner;

drop aggregate colloquy.spent_within(bigint, bigint);
drop function colloquy.spend_within(bigint, bigint, bigint);

reset role;
