import type { TaskSetting } from './task-setting.ts';

/**
 * The database as text for people, from its catalogue alone: what the migrations make of an empty database, so that a migration's
 * effect shows in the diff of the texts that are checked in beside it.
 */
type Rows = Pick<TaskSetting, 'rows'>;

const ours = `'colloquy'::regnamespace`;
const tables = `(select oid, relname, relowner, relrowsecurity, relforcerowsecurity, relacl, reloptions from pg_class
  where relkind in ('r', 'p') and (relnamespace = ${ours} or oid = 'public.schema_migrations'::regclass))`;

async function lines(source: Rows, sql: string): Promise<string> {
  const found = await source.rows<{ line: string }>(sql);
  return found.map(({ line }) => line).join('\n');
}

/** Domains, tables, constraints, indexes and functions, as statements in the order of their names. */
export async function schemaText(source: Rows): Promise<string> {
  const domains = `
    select format(E'-- %s\\ncreate domain %s as %s %s;', pg_get_userbyid(t.typowner), t.oid::regtype, format_type(t.typbasetype, t.typtypmod), pg_get_constraintdef(c.oid)) as line
    from pg_type t join pg_constraint c on c.contypid = t.oid where t.typnamespace = ${ours} order by t.typname`;
  const columns = `
    select format(E'\\n-- %s\\ncreate table %s (\\n%s\\n)%s;', pg_get_userbyid(t.relowner), t.oid::regclass,
      string_agg(format('  %s %s%s%s', a.attname, format_type(a.atttypid, a.atttypmod),
        case when a.attnotnull then ' not null' end, ' default ' || pg_get_expr(d.adbin, d.adrelid)), E',\\n' order by a.attnum),
      ' with (' || array_to_string(t.reloptions, ', ') || ')') as line
    from ${tables} t join pg_attribute a on a.attrelid = t.oid and a.attnum > 0 and not a.attisdropped
    left join pg_attrdef d on d.adrelid = t.oid and d.adnum = a.attnum
    group by t.oid, t.relname, t.relowner, t.reloptions order by t.relname`;
  const constraints = `
    select format('alter table %s add constraint %I %s;', t.oid::regclass, c.conname, pg_get_constraintdef(c.oid)) as line
    from ${tables} t join pg_constraint c on c.conrelid = t.oid and c.contype <> 'n'
    order by t.relname, c.contype, c.conname`;
  const statistics = `
    select format('alter table %s alter column %I set %s;', t.oid::regclass, a.attname, s.setting) as line
    from ${tables} t join pg_attribute a on a.attrelid = t.oid cross join lateral (
      values ('(' || array_to_string(a.attoptions, ', ') || ')'), ('statistics ' || a.attstattarget)) s (setting)
    where s.setting is not null order by t.relname, a.attnum, s.setting`;
  const indexes = `
    select pg_get_indexdef(i.indexrelid) || ';' as line
    from ${tables} t join pg_index i on i.indrelid = t.oid
    where not exists (select from pg_constraint c where c.conindid = i.indexrelid) order by t.relname, 1`;
  const functions = `
    select format(E'\\n-- %s\\n%s;', pg_get_userbyid(p.proowner), rtrim(pg_get_functiondef(p.oid))) as line
    from pg_proc p where p.pronamespace = ${ours} and p.prokind <> 'a' order by p.proname`;
  const aggregates = `
    select format(E'\\n-- %s\\ncreate aggregate %s(%s) (sfunc = %s, stype = %s, initcond = %L);', pg_get_userbyid(p.proowner),
      p.oid::regproc, pg_get_function_arguments(p.oid), a.aggtransfn, format_type(a.aggtranstype, null), a.agginitval) as line
    from pg_proc p join pg_aggregate a on a.aggfnoid = p.oid where p.pronamespace = ${ours} order by p.proname`;
  const parts = [domains, columns, constraints, statistics, indexes, functions, aggregates];
  const texts = await Promise.all(parts.map((sql) => lines(source, sql)));
  return `-- Made from the catalogue of a migrated database; COLLOQUY_UPDATE_GOLDEN=1 writes it anew. Not a migration.\n${texts.join('\n\n')}\n`;
}

const privileges = `string_agg(distinct lower(x.privilege_type), ' ' order by lower(x.privilege_type))`;
const grantee = `case x.grantee when 0 then 'public' else pg_get_userbyid(x.grantee) end`;

/** Who may do what: roles, grants, policies, and the functions that run with another role's rights. */
export async function tenancyText(source: Rows): Promise<string> {
  const sections: Record<string, string> = {
    roles: `
      select format('%s: %s', r.rolname, concat_ws(' ', case when rolsuper then 'superuser' end, case when rolbypassrls then 'bypassrls' end,
        case when rolcreaterole then 'createrole' end, case when rolcreatedb then 'createdb' end, case when rolcanlogin then 'login' else 'nologin' end,
        case when rolinherit then 'inherit' else 'noinherit' end, 'owns ' || (select count(*) from pg_class c where c.relowner = r.oid and c.relkind in ('r', 'p', 'v', 'S')) || ' tables')) as line
      from pg_roles r where rolname ~ '^colloquy_(app|worker|lookup|owner|pruner|sealer)$' order by rolname`,
    'memberships among them': `
      select format('%s is a member of %s', m.member::regrole, m.roleid::regrole) as line from pg_auth_members m
      where m.member::regrole::text ~ '^colloquy_(app|worker|lookup|owner|sealer)$' order by 1`,
    'the schema': `
      select format('%s: %s', ${grantee}, ${privileges}) as line
      from pg_namespace n, aclexplode(n.nspacl) x where n.oid = ${ours} group by x.grantee order by 1`,
    'row security': `
      select format('%s: %s%s', t.oid::regclass, case when relrowsecurity then 'on' else 'off' end, case when relforcerowsecurity then ', forced' end) as line
      from ${tables} t order by t.relname`,
    policies: `
      select format('%s %s: %s to %s using %s with check %s', polrelid::regclass, polname,
        case polcmd when '*' then 'all' when 'r' then 'select' when 'a' then 'insert' when 'w' then 'update' else 'delete' end,
        (select string_agg(r::regrole::text, ', ' order by 1) from unnest(polroles) r),
        coalesce(pg_get_expr(polqual, polrelid), '-'), coalesce(pg_get_expr(polwithcheck, polrelid), '-')) as line
      from pg_policy order by polrelid::regclass::text, polname`,
    'grants on tables': `
      select format('%s %s: %s', t.oid::regclass, ${grantee}, ${privileges}) as line
      from ${tables} t, aclexplode(t.relacl) x where x.grantee <> t.relowner group by t.oid, t.relname, x.grantee order by t.relname, 1`,
    'grants on columns': `
      select format('%s %s: %s (%s)', t.oid::regclass, ${grantee}, lower(x.privilege_type), string_agg(a.attname, ', ' order by a.attname)) as line
      from ${tables} t join pg_attribute a on a.attrelid = t.oid, aclexplode(a.attacl) x
      group by t.oid, t.relname, x.grantee, x.privilege_type order by t.relname, 1`,
    'functions that run with the rights of their owner': `
      select format('%s owner %s, %s, for %s', p.oid::regprocedure, pg_get_userbyid(p.proowner), array_to_string(p.proconfig, ' '),
        (select string_agg(${grantee}, ', ' order by x.grantee) from aclexplode(p.proacl) x where x.grantee <> p.proowner)) as line
      from pg_proc p where p.prosecdef and p.pronamespace not in ('pg_catalog'::regnamespace, 'information_schema'::regnamespace) order by 1`,
    'other functions': `
      select format('%s %s: %s', p.oid::regprocedure, pg_get_userbyid(p.proowner),
        coalesce((select string_agg(${grantee}, ', ' order by x.grantee) from aclexplode(p.proacl) x where x.grantee <> p.proowner), case when p.proacl is null then 'public' else 'only the owner' end)) as line
      from pg_proc p where not p.prosecdef and p.pronamespace = ${ours} order by 1`,
  };
  const texts = await Promise.all(
    Object.entries(sections).map(async ([title, sql]) => `# ${title}\n${await lines(source, sql)}\n`),
  );
  return `Made from the catalogue of a migrated database; COLLOQUY_UPDATE_GOLDEN=1 writes it anew.\n\n${texts.join('\n')}`;
}
