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
export type SecretId = Id<'sec'>;
export type AuthorityId = Id<'aut'>;
export type DeliveryId = Id<'dlv'>;
export type EventId = Id<'evt'>;
export type GrantId = Id<'grt'>;
export type KeyId = Id<'key'>;
export type PersonId = Id<'per'>;
export type ApiKeyId = Id<'apk'>;
export type IssuerId = Id<'iss'>;
export type IdPrefix =
  | 'tnt'
  | 'agt'
  | 'ins'
  | 'tsk'
  | 'nod'
  | 'ent'
  | 'ctx'
  | 'req'
  | 'cli'
  | 'psh'
  | 'dlv'
  | 'evt'
  | 'sec'
  | 'aut'
  | 'key'
  | 'per'
  | 'apk'
  | 'iss'
  | 'grt';

const hexDigits = 32;
const counterMax = 0xfff;
/** A millisecond's count starts below this, so that it has room to grow. */
const counterStartMax = 0x3ff;
const idShape = /^[a-z]{3}_[0-9a-f]{32}$/;

/** Makes ids of the form `tsk_` + 32 hex digits of a UUIDv7 (RFC 9562 section 5.7), so that ids sort by creation. */
export interface IdSource {
  next<P extends IdPrefix>(prefix: P): Id<P>;
}

/**
 * An id source whose ids sort in the order they were made, also within a millisecond and when the clock steps back: 12 bits
 * count (RFC 9562 section 6.2, method 1), 62 bits are random.
 */
export function createIdSource(clock: Clock, random: Random): IdSource {
  let lastMs = 0;
  let count = 0;
  const nextHex = (): string => {
    const bytes = Buffer.from(random.bytes(16));
    const nowMs = clock.nowMs();
    const isNewMs = nowMs > lastMs;
    count = isNewMs ? bytes.readUInt16BE(6) & counterStartMax : count + 1;
    lastMs = isNewMs ? nowMs : lastMs;
    if (count > counterMax) {
      lastMs += 1;
      count = 0;
    }
    bytes.writeUIntBE(lastMs, 0, 6);
    bytes.writeUInt16BE(0x7000 | count, 6);
    bytes.writeUInt8(0x80 | (bytes.readUInt8(8) & 0x3f), 8);
    return bytes.toString('hex');
  };
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the one place where ids are made
  return { next: (prefix) => `${prefix}_${nextHex()}` as Id<typeof prefix> };
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
