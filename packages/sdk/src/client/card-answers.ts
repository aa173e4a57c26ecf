import type { JsonObject } from '@colloquy/protocol';
import { anything, boolean, list, object, optional, string, wholeNumber } from './answer-shape.ts';
import type { Reader } from './answer-shape.ts';

/** How the signatures of a card stand to the tenant's trusted keys. */
export interface CardSignature {
  /** As they were found when the card came: `unsigned`, `verified` or `untrusted-key`. */
  readonly state: string;
  /** The trusted key that verified it. */
  readonly kid?: string | undefined;
  /** Whether that key was revoked since. */
  readonly keyRevoked?: boolean | undefined;
}

/** Reads how signatures stand. */
export const cardSignature: Reader<CardSignature> = object<CardSignature>({
  state: string,
  kid: optional(string),
  keyRevoked: optional(boolean),
});

/** One card of an agent, in short. */
export interface CardVersion {
  /** Counts the cards of a registration, from 1. */
  readonly version: number;
  /** `approved`, `pending`, `rejected` or `superseded`. */
  readonly status: string;
  /** Whether messages are routed by it. */
  readonly inUse: boolean;
  readonly signature: CardSignature;
  /** What the card calls its version. */
  readonly cardsOwnVersion: string;
  /** RFC 3339, as all times here. */
  readonly createdAt: string;
  /** Id of the principal that brought it. */
  readonly proposedBy?: string | undefined;
  readonly decidedAt?: string | undefined;
  /** Id of the principal that approved, rejected or superseded it. */
  readonly decidedBy?: string | undefined;
}

const versionMembers = {
  version: wholeNumber,
  status: string,
  inUse: boolean,
  signature: cardSignature,
  cardsOwnVersion: string,
  createdAt: string,
  proposedBy: optional(string),
  decidedAt: optional(string),
  decidedBy: optional(string),
};

/** Reads a card version. */
export const cardVersion: Reader<CardVersion> = object<CardVersion>(versionMembers);

/** A card as the agent published it. */
export interface OriginalCard extends CardVersion {
  /** Where it was fetched from. */
  readonly cardUrl?: string | undefined;
  /** Its wire document, with its own signatures. */
  readonly card: JsonObject;
}

// A JSON answer holds JSON values, and the platform says that this one is an object.
const document: Reader<JsonObject> = (value, at) => {
  object({})(value, at);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- it has just been read as an object
  return value as JsonObject;
};

/** Reads a published card. */
export const originalCard: Reader<OriginalCard> = object<OriginalCard>({
  ...versionMembers,
  cardUrl: optional(string),
  card: document,
});

/** One difference between two cards. */
export interface CardChange {
  /** Where, for example `skills[translate].tags`. */
  readonly path: string;
  /** `added`, `removed` or `changed`. */
  readonly kind: string;
  readonly before?: unknown;
  readonly after?: unknown;
}

/** The differences between two cards. */
export interface CardDiff {
  readonly changes: readonly CardChange[];
  /** All of them, also those that are not shown. */
  readonly changeCount: number;
  /** What a tenant may want to approve: `interfaces`, `security`, `skills`, `signature`. */
  readonly material: readonly string[];
}

const cardDiff: Reader<CardDiff> = object<CardDiff>({
  changes: list(object<CardChange>({ path: string, kind: string, before: anything, after: anything })),
  changeCount: wholeNumber,
  material: list(string),
});

/** What came of reading a card anew. */
export interface UpdatedCard {
  readonly version: CardVersion;
  /** Against the version in use. */
  readonly diff: CardDiff;
}

/** Reads what came of an update. */
export const updatedCard: Reader<UpdatedCard> = object<UpdatedCard>({ version: cardVersion, diff: cardDiff });

/** Two versions of a card and their differences. */
export interface ComparedCards {
  readonly from: CardVersion;
  readonly to: CardVersion;
  readonly diff: CardDiff;
}

/** Reads a comparison. */
export const comparedCards: Reader<ComparedCards> = object<ComparedCards>({
  from: cardVersion,
  to: cardVersion,
  diff: cardDiff,
});

/** A public key whose signatures on cards a tenant believes. */
export interface TrustedCardKey {
  readonly kid: string;
  readonly name: string;
  /** JWS algorithms it is believed with. */
  readonly algorithms: readonly string[];
  readonly publicJwk: JsonObject;
  /** Id of the principal that added it. */
  readonly addedBy: string;
  readonly addedAt: string;
  /** Present when it is not trusted any more. */
  readonly revokedAt?: string | undefined;
}

/** Reads a trusted key. */
export const trustedCardKey: Reader<TrustedCardKey> = object<TrustedCardKey>({
  kid: string,
  name: string,
  algorithms: list(string),
  publicJwk: document,
  addedBy: string,
  addedAt: string,
  revokedAt: optional(string),
});

/** What a tenant demands of the cards of its agents. */
export interface CardPolicy {
  /** `accept` or `require`: whether a card needs a signature by a trusted key. */
  readonly signatures: string;
  /** `signed`, `always` or `never`: whose changed address, security or skills wait for approval. */
  readonly approval: string;
}

/** Reads a card policy. */
export const cardPolicy: Reader<CardPolicy> = object<CardPolicy>({ signatures: string, approval: string });
