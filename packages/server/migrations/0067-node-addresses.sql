-- Where each process listens, so that a further process on the same data can name the others. Null in a process of an older version.

set local role colloquy_owner;
alter table colloquy.nodes add column address text;
grant update (address) on colloquy.nodes to colloquy_worker;
reset role;
