-- The worker forgets what has served its time, a slice after the other. It finds the rows by their place and sees only their age.

set local role colloquy_owner;
grant select (ctid) on colloquy.idempotency_keys to colloquy_worker;
grant select (ctid, expires_at), delete on colloquy.oidc_records to colloquy_worker;
reset role;
