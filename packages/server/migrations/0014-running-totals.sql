-- A recording compares running totals that come with its batch, so nothing sums with an eye on a purse any more.
drop aggregate colloquy.spent_within(bigint, bigint);
drop function colloquy.spend_within(bigint, bigint, bigint);
