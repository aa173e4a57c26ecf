import type { Statement } from '../statement.ts';

interface SlotKeyColumns {
  readonly tenant_id: string;
  readonly key_id: string;
}

const counts = `
  s.in_use <> c.in_use or s.queued <> c.queued`;

const counted = `
  cross join lateral (
    select (select count(*)::int from colloquy.tasks t
        where t.node_id is not null and t.tenant_id = s.tenant_id and s.key_id = any (t.slot_keys)) as in_use,
      (select count(*)::int from colloquy.tasks t
        where t.queue_rank is not null and t.tenant_id = s.tenant_id and t.agent_id = s.key_id) as queued
  ) c`;

/** Slots whose counts seem wrong, among them some that are just changing. */
export function findMiscounted(limit: number): Statement<SlotKeyColumns> {
  return {
    name: 'find-miscounted-slots',
    text: `select s.tenant_id, s.key_id from colloquy.slots s ${counted} where ${counts} limit $1`,
    values: [limit],
  };
}

/** Locks slots in the order of their keys. */
export function lockMiscounted(keys: readonly SlotKeyColumns[]): Statement {
  return {
    name: 'lock-miscounted-slots',
    text: `
      select from unnest($1::uuid[], $2::uuid[]) as i (tenant_id, key_id)
      join colloquy.slots s on s.tenant_id = i.tenant_id and s.key_id = i.key_id
      order by s.tenant_id, s.key_id for update of s`,
    values: valuesOf(keys),
  };
}

/** Corrects those of them that are wrong. It reads what was committed before the locks: a count and its tasks change together. */
export function recountSlots(keys: readonly SlotKeyColumns[]): Statement<SlotKeyColumns> {
  return {
    name: 'recount-slots',
    text: `
      with wrong as materialized (
        select s.tenant_id, s.key_id, c.in_use, c.queued
        from unnest($1::uuid[], $2::uuid[]) as i (tenant_id, key_id)
        join colloquy.slots s on s.tenant_id = i.tenant_id and s.key_id = i.key_id ${counted}
        where ${counts}
      )
      update colloquy.slots s set in_use = w.in_use, queued = w.queued
      from wrong w where s.tenant_id = w.tenant_id and s.key_id = w.key_id
      returning s.tenant_id, s.key_id`,
    values: valuesOf(keys),
  };
}

function valuesOf(keys: readonly SlotKeyColumns[]): readonly unknown[] {
  return [keys.map(({ tenant_id }) => tenant_id), keys.map(({ key_id }) => key_id)];
}
