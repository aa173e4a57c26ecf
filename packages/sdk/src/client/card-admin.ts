import type { JsonObject } from '@colloquy/protocol';
import { page } from './admin-answers.ts';
import type { Page } from './admin-answers.ts';
import type { AdminCall } from './admin-call.ts';
import { listing, making, reading, removing, setting } from './admin-requests.ts';
import type { PageRequest } from './admin-requests.ts';
import { cardPolicy, cardVersion, comparedCards, originalCard, trustedCardKey, updatedCard } from './card-answers.ts';
import type {
  CardPolicy,
  CardVersion,
  ComparedCards,
  OriginalCard,
  TrustedCardKey,
  UpdatedCard,
} from './card-answers.ts';

/** Where a new card comes from; without either, from where the one in use came from. */
export interface CardUpdate {
  readonly cardUrl?: string;
  /** The wire document, with its signatures. */
  readonly card?: object;
}

/** The cards of agents, by the agents' names. */
export interface CardAdmin {
  /** Reads a card anew. What changes where the agent is, its security or its skills may have to be approved. */
  update(agent: string, source?: CardUpdate): Promise<UpdatedCard>;
  /** As the agent published it; without a version the one in use. */
  original(agent: string, version?: number): Promise<OriginalCard>;
  /** Newest first. */
  versions(agent: string, page?: PageRequest): Promise<Page<CardVersion>>;
  /** By default the one in use with the one that waits, or the one before with the one in use. */
  compare(agent: string, versions?: { readonly from?: number; readonly to?: number }): Promise<ComparedCards>;
  approve(agent: string, version: number): Promise<CardVersion>;
  reject(agent: string, version: number): Promise<CardVersion>;
  /** Uses a version again that was in use before. */
  rollBack(agent: string, version: number): Promise<CardVersion>;
}

/** Whose signatures on cards the tenant believes. */
export interface CardKeyAdmin {
  /** The JWK has the `kid` that signatures name; private members are refused. */
  add(key: { readonly name: string; readonly jwk: JsonObject }): Promise<TrustedCardKey>;
  /** Revoked ones too. */
  list(page?: PageRequest): Promise<Page<TrustedCardKey>>;
  revoke(kid: string): Promise<void>;
}

/** What the tenant demands of cards. */
export interface CardPolicyAdmin {
  get(): Promise<CardPolicy>;
  set(policy: {
    readonly signatures: 'accept' | 'require';
    readonly approval: 'signed' | 'always' | 'never';
  }): Promise<CardPolicy>;
}

/** The part of the admin client that is about cards, below the path of a tenant. */
export function cardAdmin(
  call: AdminCall,
  base: string,
): { readonly cards: CardAdmin; readonly cardKeys: CardKeyAdmin; readonly cardPolicy: CardPolicyAdmin } {
  const keys = `${base}/trusted-card-keys`;
  return {
    cards: cardsOf(call, base),
    cardKeys: {
      add: (body) => call({ ...making(keys, body), read: trustedCardKey }),
      list: (request = {}) => call({ ...listing(keys, request), read: page(trustedCardKey) }),
      revoke: (kid) => call({ ...removing(`${keys}/${encodeURIComponent(kid)}`), read: () => undefined }),
    },
    cardPolicy: {
      get: () => call({ ...reading(`${base}/card-policy`), read: cardPolicy }),
      set: (policy) => call({ ...setting(`${base}/card-policy`, policy), read: cardPolicy }),
    },
  };
}

function cardsOf(call: AdminCall, base: string): CardAdmin {
  const of = (agent: string, below: string): string => `${base}/agents/${encodeURIComponent(agent)}/${below}`;
  const decide = (agent: string, version: number, verdict: string): Promise<CardVersion> =>
    call({ ...making(of(agent, `card-versions/${version}/${verdict}`), {}), read: cardVersion });
  return {
    update: (agent, source = {}) => call({ ...setting(of(agent, 'card'), source), read: updatedCard }),
    original: (agent, version) =>
      call({ ...listing(of(agent, 'card'), version === undefined ? {} : { version }), read: originalCard }),
    versions: (agent, request = {}) =>
      call({ ...listing(of(agent, 'card-versions'), request), read: page(cardVersion) }),
    compare: (agent, versions = {}) => call({ ...listing(of(agent, 'card-diff'), versions), read: comparedCards }),
    approve: (agent, version) => decide(agent, version, 'approve'),
    reject: (agent, version) => decide(agent, version, 'reject'),
    rollBack: (agent, version) => decide(agent, version, 'use'),
  };
}
