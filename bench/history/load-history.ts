import type { HistoryPlan } from './plan.ts';
import type { Side } from './side.ts';

const tasksPerStatement = 50_000;
const writers = 2;
const dayMs = 86_400_000;

/** A finished task of the platform's own making: what is loaded are its rows again and again, under other ids and at other times. */
interface Pattern {
  readonly tenantId: string;
  readonly taskId: string;
}

interface Column {
  readonly column_name: string;
  readonly data_type: string;
}

interface Loading {
  readonly side: Side;
  readonly plan: HistoryPlan;
  readonly pattern: Pattern;
  readonly beginsAtMs: number;
  readonly columnsOf: ReadonlyMap<string, readonly Column[]>;
}

const tables = ['tasks', 'task_events', 'ledger_entries', 'audit_entries'] as const;

/**
 * Fills a platform with finished tasks by SQL: for each its row, its log, its ledger entries, its audit entry, and the idempotency
 * keys of the last day, which is how long they are kept. Ids and times grow together, as they do where tasks are sent.
 */
export async function loadHistory(side: Side, plan: HistoryPlan, onLoaded: (tasks: number) => void): Promise<void> {
  const pattern = await patternOf(side);
  const columnsOf = new Map<string, readonly Column[]>();
  for (const table of tables) columnsOf.set(table, await readColumns(side, table));
  const beginsAtMs = Date.now() - plan.daysOfTasks * dayMs;
  const loading: Loading = { side, plan, pattern, beginsAtMs, columnsOf };
  let next = 0;
  let loaded = 0;
  const write = async (): Promise<void> => {
    while (next < plan.tasks) {
      const from = next;
      next = Math.min(plan.tasks, from + tasksPerStatement);
      const until = next;
      await side.run(statementsFor(loading, from, until));
      loaded += until - from;
      onLoaded(loaded);
    }
  };
  await Promise.all(Array.from({ length: writers }, write));
  await payForHistory(loading);
  for (const table of [...tables, 'idempotency_keys']) await side.run(`vacuum (analyze) colloquy.${table}`);
  await side.run('checkpoint');
}

async function patternOf({ database }: Side): Promise<Pattern> {
  const [row] = await database.read<Pattern>(
    `select tenant_id as "tenantId", task_id as "taskId" from colloquy.tasks where state = 'completed' order by task_id desc limit 1`,
  );
  if (row === undefined) throw new Error('no task is finished to take as the pattern');
  return row;
}

function readColumns({ database }: Side, table: string): Promise<readonly Column[]> {
  return database.read<Column>(
    `select column_name, data_type from information_schema.columns
     where table_schema = 'colloquy' and table_name = $1 and is_generated = 'NEVER' order by ordinal_position`,
    [table],
  );
}

/** Milliseconds since 1970 of task `i`, as SQL. */
function atMs({ beginsAtMs, plan }: Loading): string {
  return `(${beginsAtMs} + i::bigint * ${(plan.daysOfTasks * dayMs) / plan.tasks})::bigint`;
}

function statementsFor(loading: Loading, from: number, until: number): string {
  const { plan, pattern } = loading;
  const ids = `create temporary table loaded on commit drop as
    select i, at, to_timestamp(at / 1000.0) as time,
      (lpad(to_hex(at), 12, '0') || '7' || lpad(to_hex(i % 4096), 3, '0') || '8' || substr(md5(i::text), 1, 15))::uuid as id
    from (select i, ${atMs(loading)} as at from generate_series(${from}, ${until - 1}) i) n`;
  const whole = `l.i >= ${plan.tasks - plan.tasksWithWholeLogs}`;
  const oldId = `'tsk_${pattern.taskId.replaceAll('-', '')}'`;
  const newId = `'tsk_' || replace(l.id::text, '-', '')`;
  const payload = `case when ${whole} then replace(p.payload, ${oldId}, ${newId}) else left(p.payload, ${plan.oldPayloadCharsMax}) end`;
  const insert = (table: string, key: string, changed: Readonly<Record<string, string>>): string => {
    const columns = loading.columnsOf.get(table) ?? [];
    const values = columns.map((column) => changed[column.column_name] ?? copied(column));
    return `insert into colloquy.${table} (${columns.map((one) => one.column_name).join(', ')})
      select ${values.join(', ')} from loaded l cross join colloquy.${table} p
      where p.tenant_id = '${pattern.tenantId}' and p.${key} order by l.i`;
  };
  const ofPattern = `task_id = '${pattern.taskId}'`;
  return [
    // Neither triggers nor foreign keys: what is written is consistent, and tells nobody.
    'begin; set local session_replication_role = replica; set local synchronous_commit = off',
    ids,
    insert('tasks', ofPattern, { task_id: 'l.id', context_id: `'ctx_' || replace(l.id::text, '-', '')` }),
    insert('task_events', ofPattern, { task_id: 'l.id', payload }),
    insert('ledger_entries', `reservation_id = '${pattern.taskId}'`, { reservation_id: 'l.id' }),
    // Transaction 0 is before the sealer's place: such entries count as sealed.
    insert('audit_entries', `resource = ${oldId}`, { entry_id: 'l.id', resource: newId, written_in: `'0'::xid8` }),
    `insert into colloquy.idempotency_keys (tenant_id, key_hash, fingerprint, task_id, created_at)
      select '${pattern.tenantId}', md5('k' || l.i::text)::uuid, md5('f' || l.i::text)::uuid, l.id, l.time from loaded l
      where l.i >= ${plan.tasks - Math.ceil(plan.tasks / plan.daysOfTasks)}`,
    'commit',
  ].join(';\n');
}

function copied({ column_name: name, data_type: type }: Column): string {
  return type === 'timestamp with time zone' ? `case when p.${name} is null then null else l.time end` : `p.${name}`;
}

/** The wallet says that what was loaded was granted and used. */
async function payForHistory({ side, plan, pattern }: Loading): Promise<void> {
  const total = `(select reserved_microcredits from colloquy.tasks where tenant_id = '${pattern.tenantId}'
    and task_id = '${pattern.taskId}') * ${plan.tasks}::bigint`;
  await side.run(`begin;
    update colloquy.wallets set granted_microcredits = granted_microcredits + ${total}, used_microcredits = used_microcredits + ${total}
    where tenant_id = '${pattern.tenantId}';
    insert into colloquy.ledger_entries (tenant_id, reservation_id, kind, amount_microcredits)
    select '${pattern.tenantId}', gen_random_uuid(), 'grant', ${total};
    commit`);
}
