import type { AgentCard, JsonValue } from '@colloquy/protocol';
import { enterpriseParamsOf, fieldsOf } from './enterprise-extension.ts';
import { limits } from '../../kernel/limits.ts';
import type { CardSignature } from '../trust/index.ts';

/** One difference between two cards. */
export interface CardChange {
  /** For example `skills[translate].tags`. A list item is named by its id, else by its index. */
  readonly path: string;
  readonly kind: 'added' | 'removed' | 'changed';
  /** Absent when it was added. */
  readonly before?: JsonValue;
  /** Absent when it was removed. */
  readonly after?: JsonValue;
}

/** The aspects of a card that affect trust: addresses, authentication, skills, commercial and operational settings, signature. */
export type MaterialChange = 'interfaces' | 'security' | 'skills' | 'terms' | 'signature';

/** The differences between two cards. */
export interface CardDiff {
  readonly changes: readonly CardChange[];
  /** The number of all changes, including those beyond the bound of `changes`. */
  readonly changeCount: number;
  readonly material: readonly MaterialChange[];
}

/** A card with the state of its signatures. */
export interface ComparedCard {
  readonly card: AgentCard;
  readonly signature: CardSignature;
}

/** Compares two cards without their signatures. */
export function diffCards(before: ComparedCard, after: ComparedCard): CardDiff {
  const all = [...differences('', plain(unsigned(before.card)), plain(unsigned(after.card)))];
  return {
    changes: all.slice(0, limits.cardChangesMax),
    changeCount: all.length,
    material: materialChanges(before, after),
  };
}

/** The changes that a tenant's policy may require to be approved before the card is used. */
export function materialChanges(before: ComparedCard, after: ComparedCard): readonly MaterialChange[] {
  const aspects: readonly (readonly [MaterialChange, (card: AgentCard) => unknown])[] = [
    ['interfaces', ({ supportedInterfaces }) => supportedInterfaces],
    ['security', securityOf],
    ['skills', ({ skills }) => skills.map(({ id }) => id).toSorted()],
    ['terms', agreementOf],
  ];
  const changed = aspects.filter(([, of]) => canonical(of(before.card)) !== canonical(of(after.card)));
  const isWeaker = strength[after.signature.state] < strength[before.signature.state];
  return [...changed.map(([name]) => name), ...(isWeaker ? (['signature'] as const) : [])];
}

const strength: Readonly<Record<CardSignature['state'], number>> = { unsigned: 0, 'untrusted-key': 1, verified: 2 };

function securityOf({ securitySchemes, securityRequirements, skills }: AgentCard): unknown {
  return {
    schemes: securitySchemes ?? {},
    requirements: securityRequirements ?? [],
    skills: skills.flatMap(({ id, securityRequirements: own = [] }) => (own.length === 0 ? [] : [[id, own]])),
  };
}

/** The fields that the platform acts on: tier, concurrency limit, scopes, and each skill's promises, and prices. */
function agreementOf(card: AgentCard): unknown {
  const said = enterpriseParamsOf(card) ?? {};
  const skills = Object.entries(fieldsOf(said['skills'])).map(([id, settings]): [string, unknown] => {
    const { idempotent, cacheTtlMs, priceMicrocredits, price: own } = fieldsOf(settings);
    return [id, [idempotent ?? null, cacheTtlMs ?? null, priceMicrocredits ?? null, own ?? null]];
  });
  const { tier = null, slotsMax = null, scopes = null, price = null } = said;
  // An object, because members are compared in any order.
  return { tier, slotsMax, scopes, price, skills: Object.fromEntries(skills) };
}

function unsigned({ signatures: _signatures, ...card }: AgentCard): object {
  return card;
}

/** The value as JSON, without undefined members. */
function plain(value: unknown): JsonValue {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- JSON.parse answers JSON values only
  return JSON.parse(JSON.stringify(value)) as JsonValue;
}

/** A text that does not depend on the order of members. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_name, item: unknown) => {
    if (typeof item !== 'object' || item === null || Array.isArray(item)) return item;
    return Object.fromEntries(Object.entries(item).toSorted(([a], [b]) => (a < b ? -1 : 1)));
  });
}

/** Whether two JSON values are equal, whatever the order of their members. */
export function isSameJson(a: JsonValue, b: JsonValue): boolean {
  return canonical(a) === canonical(b);
}

function* differences(
  path: string,
  before: JsonValue | undefined,
  after: JsonValue | undefined,
): Generator<CardChange> {
  if (before === undefined && after === undefined) return;
  if (before === undefined || after === undefined) {
    if (after !== undefined) yield { path, kind: 'added', after };
    else if (before !== undefined) yield { path, kind: 'removed', before };
    return;
  }
  if (canonical(before) === canonical(after)) return;
  const [from, to] = [membersOf(before), membersOf(after)];
  if (from === null || to === null || from.isList !== to.isList) {
    yield { path, kind: 'changed', before, after };
    return;
  }
  for (const name of new Set([...from.members.keys(), ...to.members.keys()])) {
    const step = from.isList ? `[${name}]` : path === '' ? name : `.${name}`;
    yield* differences(path + step, from.members.get(name), to.members.get(name));
  }
}

interface Members {
  readonly isList: boolean;
  readonly members: ReadonlyMap<string, JsonValue>;
}

function membersOf(value: JsonValue): Members | null {
  if (typeof value !== 'object' || value === null) return null;
  if (!Array.isArray(value)) return { isList: false, members: new Map(Object.entries(value)) };
  const items: readonly JsonValue[] = value;
  return { isList: true, members: new Map(namesOf(items).map((name, at) => [name, items[at] ?? null])) };
}

/** Names for list items: a skill's id, a string itself, else the index. With these names an insertion changes no other path. */
function namesOf(items: readonly JsonValue[]): readonly string[] {
  const names = items.map((item, at) => {
    if (typeof item === 'string') return item;
    const id = typeof item === 'object' && item !== null && 'id' in item ? item['id'] : undefined;
    return typeof id === 'string' ? id : String(at);
  });
  return new Set(names).size === names.length ? names : names.map((_, at) => String(at));
}
