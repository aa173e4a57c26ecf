/**
 * Guarantee: no table with tenants' rows is without a policy that the database enforces for everybody, and nothing of who may do what
 * changes without showing in a text that people read.
 */
import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { after, before, describe, it } from 'node:test';
import { schemaText, tenancyText } from './schema-text.ts';
import { startTaskSetting } from './task-setting.ts';
import type { TaskSetting } from './task-setting.ts';

const isUpdating = process.env['COLLOQUY_UPDATE_GOLDEN'] === '1';

/** Tables whose rows belong to tenants and that the database does not keep apart for the application's role, with what is missing. */
const unsecured = `
  select c.oid::regclass::text as "table",
    concat_ws(', ', case when not c.relrowsecurity then 'off' end, case when not c.relforcerowsecurity then 'not forced' end,
      case when not exists (
        select from pg_policy p where p.polrelid = c.oid and p.polname = 'tenant_isolation' and p.polcmd = '*' and p.polpermissive
          and p.polroles = array['colloquy_app'::regrole::oid]
          and pg_get_expr(p.polqual, c.oid) like '(tenant_id = ANY (( SELECT colloquy.current_tenants() AS current_tenants)::uuid[]))'
          and pg_get_expr(p.polwithcheck, c.oid) = pg_get_expr(p.polqual, c.oid)
      ) then 'no policy' end,
      case when exists (
        select from pg_policy p where p.polrelid = c.oid and p.polname <> 'tenant_isolation'
          and (p.polroles = '{0}' or 'colloquy_app'::regrole::oid = any (p.polroles))
      ) then 'a second policy' end,
      case when a.attnotnull then null else 'tenant_id may be null' end) as missing
  from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id' and not a.attisdropped
  where c.relkind in ('r', 'p', 'v', 'm', 'f') and c.relnamespace not in ('pg_catalog'::regnamespace, 'information_schema'::regnamespace)`;

interface Unsecured {
  readonly table: string;
  readonly missing: string;
}

describe('the catalogue', () => {
  let setting: TaskSetting;
  before(async () => {
    setting = await startTaskSetting();
  });
  after(() => setting[Symbol.asyncDispose]());

  const findUnsecured = async (): Promise<Unsecured[]> =>
    (await setting.rows<Unsecured>(unsecured)).filter(({ missing }) => missing !== '');

  it('has no table of tenants without a forced policy of its own, and there are such tables', async () => {
    assert.deepEqual(await findUnsecured(), []);
    assert.ok((await setting.rows(unsecured)).length >= 11);
  });

  it('would be found wanting for every way to plant a table without one', async () => {
    const planted: readonly [string, string, string][] = [
      ['bare', '', 'off, not forced, no policy'],
      ['unforced', 'call colloquy.secure_tenant_table($); alter table $ no force row level security', 'not forced'],
      ['switched_off', 'call colloquy.secure_tenant_table($); alter table $ disable row level security', 'off'],
      [
        'without_policy',
        'alter table $ enable row level security; alter table $ force row level security',
        'no policy',
      ],
      [
        'with_hole',
        'call colloquy.secure_tenant_table($); create policy more on $ to public using (true)',
        'a second policy',
      ],
      [
        'half_checked',
        'call colloquy.secure_tenant_table($); drop policy tenant_isolation on $; create policy tenant_isolation on $ to colloquy_app using (tenant_id = any ((select colloquy.current_tenants())::uuid[])) with check (true)',
        'no policy',
      ],
    ];
    for (const [name, sql, missing] of planted) {
      const table = `colloquy.planted_${name}`;
      await setting.rows(`create table ${table} (tenant_id uuid primary key)`);
      for (const statement of sql.split('; ').filter((text) => text !== '')) {
        await setting.rows(statement.replaceAll('($)', `('${table}')`).replaceAll('$', table));
      }
      assert.deepEqual(await findUnsecured(), [{ table, missing }]);
      await setting.rows(`drop table ${table}`);
    }
    await setting.rows('create view colloquy.planted_view as select tenant_id from colloquy.tasks');
    assert.deepEqual(
      (await findUnsecured()).map(({ table }) => table),
      ['colloquy.planted_view'],
    );
    await setting.rows('drop view colloquy.planted_view');
  });

  it('lets the roles of run time own nothing and stand above no rule', async () => {
    const roles = await setting.rows(
      `select r.rolname as role, rolsuper or rolbypassrls or rolcreaterole or rolcreatedb or rolreplication or rolcanlogin as mighty,
        (select count(*)::int from pg_shdepend d where d.refobjid = r.oid and d.deptype = 'o' and d.classid = 'pg_class'::regclass
          and d.dbid = (select oid from pg_database where datname = current_database())) as owned,
        (select count(*)::int from pg_auth_members m where m.member = r.oid) as memberships
       from pg_roles r where rolname in ('colloquy_app', 'colloquy_worker', 'colloquy_lookup', 'colloquy_pruner', 'colloquy_sealer') order by 1`,
    );
    const harmless = { mighty: false, owned: 0, memberships: 0 };
    assert.deepEqual(roles, [
      { role: 'colloquy_app', ...harmless },
      { role: 'colloquy_lookup', ...harmless },
      { role: 'colloquy_pruner', ...harmless },
      { role: 'colloquy_sealer', ...harmless },
      { role: 'colloquy_worker', ...harmless },
    ]);
  });

  const goldens = [
    ['schema.sql', schemaText],
    ['tenancy.golden.txt', tenancyText],
  ] as const;
  for (const [name, textOf] of goldens) {
    it(`reads as it is checked in: migrations/${name}; COLLOQUY_UPDATE_GOLDEN=1 writes it anew`, async () => {
      const golden = new URL(`../migrations/${name}`, import.meta.url);
      const text = await textOf(setting);
      if (isUpdating) await writeFile(golden, text);
      assert.equal(text, await readFile(golden, 'utf8'));
    });
  }
});
