import type { Caller } from '../../kernel/caller.ts';
import { PlatformError } from '../../kernel/errors.ts';
import { pageOf } from '../../kernel/page.ts';
import type { Page, PageRequest } from '../../kernel/page.ts';
import { slugProblem } from '../tenancy/index.ts';
import { diffCards } from './card-diff.ts';
import type { CardDiff } from './card-diff.ts';
import type { CardStore } from './card-store.ts';
import type { CardInUse, CardVersion, StoredCard } from './card-version.ts';
import { findCardVersion } from './decide-card.ts';

interface CardVersionPorts {
  readonly cardStore: CardStore;
}

const cursorShape = /^[1-9]\d{0,8}$/;

/** All card versions of an agent, newest first. Throws `registry.agent-unknown`, and `request.invalid` for an invalid cursor. */
export function listCardVersions({ cardStore }: CardVersionPorts) {
  return async (caller: Caller, name: string, page: PageRequest): Promise<Page<CardVersion>> => {
    if (page.after !== null && !cursorShape.test(page.after)) {
      const violations = [{ field: 'after', description: 'must be the next of the page before' }];
      throw new PlatformError('request.invalid', { violations });
    }
    const request = { after: page.after, limit: page.limit + 1 };
    const rows = slugProblem(name) === null ? await cardStore.listVersions(caller.tenant.id, name, request) : null;
    if (rows === null) throw new PlatformError('registry.agent-unknown');
    return pageOf(rows, page.limit, ({ version }) => String(version));
  };
}

/** The card as the agent published it; without a number the one in use. Throws `registry.agent-unknown` and `registry.card-version-unknown`. */
export function readOriginalCard({ cardStore }: CardVersionPorts) {
  return (caller: Caller, name: string, version: number | null): Promise<StoredCard> =>
    version === null ? findInUse(cardStore, caller, name) : findCardVersion(cardStore, caller, name, version);
}

/** Two versions of a card and their differences. */
export interface ComparedVersions {
  readonly from: CardVersion;
  readonly to: CardVersion;
  readonly diff: CardDiff;
}

/**
 * Compares two versions of an agent's card. Default: the version in use with the pending one, else its predecessor with the version in
 * use. Throws `registry.agent-unknown` and `registry.card-version-unknown`.
 */
export function compareCards({ cardStore }: CardVersionPorts) {
  return async (
    caller: Caller,
    name: string,
    wanted: { readonly from: number | null; readonly to: number | null },
  ): Promise<ComparedVersions> => {
    const inUse = await findInUse(cardStore, caller, name);
    const to = wanted.to ?? inUse.pending?.version ?? inUse.version;
    const from = wanted.from ?? (to === inUse.version ? Math.max(1, to - 1) : inUse.version);
    const [before, after] = await Promise.all(
      [from, to].map((version) => findCardVersion(cardStore, caller, name, version)),
    );
    if (before === undefined || after === undefined) throw new PlatformError('registry.card-version-unknown');
    return { from: before, to: after, diff: diffCards(before, after) };
  };
}

async function findInUse(cardStore: CardStore, caller: Caller, name: string): Promise<CardInUse> {
  const inUse = slugProblem(name) === null ? await cardStore.findInUse(caller.tenant.id, name) : null;
  if (inUse === null) throw new PlatformError('registry.agent-unknown');
  return inUse;
}
