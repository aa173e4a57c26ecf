import type { AgentCard, JsonValue } from '@colloquy/protocol';
import { enterpriseParamsOf, fieldsOf } from './enterprise-extension.ts';
import { limits } from '../../kernel/limits.ts';
import type { CardStanding } from '../trust/index.ts';

/** One difference between two cards. */
export interface CardChange {
  /** Where, for example `skills[translate].tags`; items with an id stand under it, others under their place. */
  readonly path: string;
  readonly kind: 'added' | 'removed' | 'changed';
  /** Absent when it was added. */
  readonly before?: JsonValue;
  /** Absent when it was removed. */
  readonly after?: JsonValue;
}

/** What a new card changes about trust: where the agent is, how callers prove themselves to it, what it offers and on what terms, who answers for it. */
export type MaterialChange = 'interfaces' | 'security' | 'skills' | 'terms' | 'signature';

/** The differences between two cards. */
export interface CardDiff {
  readonly changes: readonly CardChange[];
  /** All of them, also those that `changes` has no room for. */
  readonly changeCount: number;
  readonly material: readonly MaterialChange[];
}

/** A card with how its signatures stood. */
export interface ComparedCard {
  readonly card: AgentCard;
  readonly signature: CardStanding;
}

/** Compares two cards, signatures themselves aside. */
export function diffCards(before: ComparedCard, after: ComparedCard): CardDiff {
  const all = [...differences('', plain(unsigned(before.card)), plain(unsigned(after.card)))];
  return {
    changes: all.slice(0, limits.cardChangesMax),
    changeCount: all.length,
    material: materialChanges(before, after),
  };
}

/** The changes that a tenant may want to approve before the card is used. */
export function materialChanges(before: ComparedCard, after: ComparedCard): readonly MaterialChange[] {
  const aspects: readonly (readonly [MaterialChange, (card: AgentCard) => unknown])[] = [
    ['interfaces', ({ supportedInterfaces }) => supportedInterfaces],
    ['security', securityOf],
    ['skills', ({ skills }) => skills.map(({ id }) => id).toSorted()],
    ['terms', termsOf],
  ];
  const changed = aspects.filter(([, of]) => canonical(of(before.card)) !== canonical(of(after.card)));
  const isWeaker = strength[after.signature.state] < strength[before.signature.state];
  return [...changed.map(([name]) => name), ...(isWeaker ? (['signature'] as const) : [])];
}

const strength: Readonly<Record<CardStanding['state'], number>> = { unsigned: 0, 'untrusted-key': 1, verified: 2 };

function securityOf({ securitySchemes, securityRequirements, skills }: AgentCard): unknown {
  return {
    schemes: securitySchemes ?? {},
    requirements: securityRequirements ?? [],
    skills: skills.flatMap(({ id, securityRequirements: own = [] }) => (own.length === 0 ? [] : [[id, own]])),
  };
}

/** What the platform acts on: how urgent the agent is, how much it takes, and what its skills promise and cost. */
function termsOf(card: AgentCard): unknown {
  const said = enterpriseParamsOf(card) ?? {};
  const skills = Object.entries(fieldsOf(said['skills'])).map(([id, terms]): [string, unknown] => {
    const { idempotent, cacheTtlMs, priceMicrocredits } = fieldsOf(terms);
    return [id, [idempotent ?? null, cacheTtlMs ?? null, priceMicrocredits ?? null]];
  });
  const { tier = null, slotsMax = null, scopes = null } = said;
  // Its members are compared whatever their order.
  return { tier, slotsMax, scopes, skills: Object.fromEntries(skills) };
}

function unsigned({ signatures: _signatures, ...card }: AgentCard): object {
  return card;
}

/** A value as JSON has it; undefined members are gone. */
function plain(value: unknown): JsonValue {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- JSON.parse answers JSON values only
  return JSON.parse(JSON.stringify(value)) as JsonValue;
}

/** Text that is equal for values that differ in the order of their members only. */
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

/** Skills stand under their ids and words under themselves, so that an insertion does not look like a change of everything after it. */
function namesOf(items: readonly JsonValue[]): readonly string[] {
  const names = items.map((item, at) => {
    if (typeof item === 'string') return item;
    const id = typeof item === 'object' && item !== null && 'id' in item ? item['id'] : undefined;
    return typeof id === 'string' ? id : String(at);
  });
  return new Set(names).size === names.length ? names : names.map((_, at) => String(at));
}
