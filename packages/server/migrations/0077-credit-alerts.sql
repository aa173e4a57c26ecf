-- A duty of workers raises alerts about credits: at thresholds and burn rates of budgets, on low credit, and on drift that the reconciler found.

set local role colloquy_owner;

alter table colloquy.credit_alerts
  drop constraint credit_alerts_kind_check,
  add constraint credit_alerts_kind_check check (kind in ('budget-threshold', 'burn-rate', 'low-credit', 'drift'));
-- When the burn rate of a window was last measured, and what was left then.
grant update (sampled_at, sampled_left) on colloquy.delegation_budgets to colloquy_app;

-- Which tenants have something to check. A worker learns their ids; their amounts are read in their own name.
grant select (tenant_id) on colloquy.budgets to colloquy_lookup;
create policy lookup on colloquy.budgets for select to colloquy_lookup using (true);
grant select (tenant_id, low_credit_microcredits) on colloquy.credit_settings to colloquy_lookup;
create policy lookup on colloquy.credit_settings for select to colloquy_lookup using (low_credit_microcredits is not null);
grant select (tenant_id, drifts) on colloquy.credit_reconciliations to colloquy_lookup;
create policy lookup on colloquy.credit_reconciliations for select to colloquy_lookup using (drifts <> '[]');
create function colloquy.find_tenants_with_alerts(after_tenant uuid, row_limit integer) returns table (tenant_id uuid)
  language sql stable security definer set search_path = colloquy, pg_temp
  begin atomic
    select x.tenant_id from (
      select b.tenant_id from colloquy.budgets b where b.tenant_id > after_tenant
      union
      select s.tenant_id from colloquy.credit_settings s where s.tenant_id > after_tenant and s.low_credit_microcredits is not null
      union
      select r.tenant_id from colloquy.credit_reconciliations r where r.tenant_id > after_tenant and r.drifts <> '[]'
    ) x order by x.tenant_id limit row_limit;
  end;
revoke all on function colloquy.find_tenants_with_alerts(uuid, integer) from public;
grant execute on function colloquy.find_tenants_with_alerts(uuid, integer) to colloquy_worker;

-- Housekeeping deletes old alerts, and sees their age alone.
grant select (ctid, raised_at), delete on colloquy.credit_alerts to colloquy_worker;
create policy housekeeping on colloquy.credit_alerts for all to colloquy_worker
  using (raised_at < colloquy.now_utc() - interval '1 hour');

reset role;
grant create on schema colloquy to colloquy_lookup;
alter function colloquy.find_tenants_with_alerts(uuid, integer) owner to colloquy_lookup;
revoke create on schema colloquy from colloquy_lookup;
