/** Guarantee: a request that was answered but not recorded, or charged twice, is found. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { differencesOf } from './books.ts';
import type { TenantBooks } from './books.ts';

const right: TenantBooks = {
  tenant: 'load-1',
  grantMicrocredits: 1000,
  priceMicrocredits: 7,
  answers: 10,
  wallet: { granted: 1000, available: 930, reserved: 0, used: 70 },
};

describe('the books of a tenant', () => {
  it('agree when every answer was paid once', () => assert.deepEqual(differencesOf(right), []));

  const wrong: Record<string, TenantBooks> = {
    'an answer that was not paid': { ...right, answers: 11 },
    'an answer paid twice': { ...right, wallet: { ...right.wallet, used: 77, available: 923 } },
    'a reservation left behind': { ...right, wallet: { ...right.wallet, reserved: 7, available: 923 } },
    'credits out of nowhere': { ...right, wallet: { ...right.wallet, available: 931 } },
    'a grant of another size': { ...right, wallet: { granted: 1001, available: 931, reserved: 0, used: 70 } },
  };
  for (const [name, books] of Object.entries(wrong)) {
    it(`show ${name}`, () => assert.equal(differencesOf(books).length, 1));
  }
});
