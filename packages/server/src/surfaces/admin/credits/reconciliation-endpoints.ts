import { Type } from 'typebox';
import type { Static } from 'typebox';
import { readReconciliation, reconcileCredits } from '../../../modules/metering/index.ts';
import type { CreditReconciliation } from '../../../modules/metering/index.ts';
import { endpoint } from '../endpoint.ts';
import { closed, component, time } from '../page-schemas.ts';

const figures = [
  'granted',
  'available',
  'reserved',
  'used',
  'expired',
  'overage',
  'open-tasks',
  'grants',
  'checkpoints',
] as const;

const reconciliationSchema = component(
  'CreditReconciliation',
  Type.Object(
    {
      checkedAt: Type.Optional(time('When it was made; absent before the first.')),
      drifts: Type.Array(
        Type.Object(
          {
            of: Type.Enum([...figures], {
              description:
                'An account that differs from its entries, or reservations of open tasks, what is left of grants with an expiry, or sums of the ledger.',
            }),
            expectedMicrocredits: Type.Integer(),
            foundMicrocredits: Type.Integer(),
          },
          closed,
        ),
        { description: 'The figures that disagree; empty when the books are sound.' },
      ),
    },
    closed,
  ),
);

const answerOf = ({ checkedAt, drifts }: CreditReconciliation): Static<typeof reconciliationSchema> => ({
  ...(checkedAt === null ? {} : { checkedAt: checkedAt.toISOString() }),
  drifts: drifts.map(({ of, expectedMicrocredits, foundMicrocredits }) => ({
    of,
    expectedMicrocredits: Number(expectedMicrocredits),
    foundMicrocredits: Number(foundMicrocredits),
  })),
});

const path = '/tenants/{tenant}/credits/reconciliation';

export const creditReconciliationEndpoints = [
  endpoint({
    id: 'readReconciliation',
    method: 'GET',
    path,
    operation: 'credits.read',
    summary: 'Read what the last reconciliation of the credits of the tenant found',
    answer: reconciliationSchema,
    uses: { readReconciliation },
    handle: async ({ readReconciliation }, { caller }) => answerOf(await readReconciliation(caller)),
  }),
  endpoint({
    id: 'reconcileCredits',
    method: 'POST',
    path,
    operation: 'credits.reconcile',
    summary:
      'Recompute every balance of the tenant from its ledger, and compare them with the wallet, open tasks and grants',
    answer: reconciliationSchema,
    uses: { reconcileCredits },
    handle: async ({ reconcileCredits }, { caller }) => answerOf(await reconcileCredits(caller)),
  }),
];
