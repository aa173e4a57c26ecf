import type { Clock } from './clock.ts';
import type { Random } from './random.ts';

declare const brand: unique symbol;
type Id<Prefix extends string> = `${Prefix}_${string}` & { readonly [brand]?: Prefix };

export type TenantId = Id<'tnt'>;
export type AgentId = Id<'agt'>;
export type InstanceId = Id<'ins'>;
export type TaskId = Id<'tsk'>;
export type NodeId = Id<'nod'>;
export type EntryId = Id<'ent'>;
export type ContextId = Id<'ctx'>;
export type RequestId = Id<'req'>;
export type ClientId = Id<'cli'>;
export type IdPrefix = 'tnt' | 'agt' | 'ins' | 'tsk' | 'nod' | 'ent' | 'ctx' | 'req' | 'cli';

const hexDigits = 32;
const idShape = /^[a-z]{3}_[0-9a-f]{32}$/;

/** Makes ids of the form `tsk_` + 32 hex digits of a UUIDv7 (RFC 9562 section 5.7), so that ids sort by creation. */
export interface IdSource {
  next<P extends IdPrefix>(prefix: P): Id<P>;
}

export function createIdSource(clock: Clock, random: Random): IdSource {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the one place where ids are made
  return { next: (prefix) => `${prefix}_${uuidV7Hex(clock.nowMs(), random)}` as Id<typeof prefix> };
}

function uuidV7Hex(nowMs: number, random: Random): string {
  const bytes = Buffer.from(random.bytes(16));
  bytes.writeUIntBE(nowMs, 0, 6);
  bytes[6] = 0x70 | ((bytes[6] ?? 0) & 0x0f);
  bytes[8] = 0x80 | ((bytes[8] ?? 0) & 0x3f);
  return bytes.toString('hex');
}

/** Whether `value` has the exact shape of an id with this prefix. Says nothing about its existence. */
export function isId<P extends IdPrefix>(prefix: P, value: string): value is Id<P> {
  return value.length === hexDigits + 4 && value.startsWith(prefix) && idShape.test(value);
}

/** The 32 hex digits of an id, which PostgreSQL reads as a `uuid`. */
export function uuidOf(id: Id<IdPrefix>): string {
  return id.slice(4);
}

/** The id of a `uuid` as PostgreSQL prints it (with dashes). */
export function idOf<P extends IdPrefix>(prefix: P, uuid: string): Id<P> {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a uuid of the database, where its column says the kind
  return `${prefix}_${uuid.replaceAll('-', '')}` as Id<P>;
}
