import { Type } from 'typebox';
import type { Static } from 'typebox';
import { limits } from '../../../kernel/limits.ts';
import { listAllowances, allowEgress, removeAllowance } from '../../../modules/egress/index.ts';
import type { EgressAllowance } from '../../../modules/egress/index.ts';
import { endpoint } from '../endpoint.ts';
import { closed, time } from '../page-schemas.ts';

const path = '/tenants/{tenant}/egress';
const target = Type.String({
  maxLength: 255,
  description: 'A range such as `10.1.0.0/16`, one address, or the exact name of a host.',
});

const allowanceSchema = Type.Object(
  {
    target,
    kind: Type.Enum(['range', 'host']),
    allowedBy: Type.String({ description: 'Who allowed it.' }),
    createdAt: time('When it was allowed.'),
  },
  closed,
);

const answerOf = ({ createdAt, ...allowance }: EgressAllowance): Static<typeof allowanceSchema> => ({
  ...allowance,
  createdAt: createdAt.toISOString(),
});

export const egressEndpoints = [
  endpoint({
    id: 'listEgressAllowances',
    method: 'GET',
    path,
    operation: 'egress.list',
    summary: 'List the private addresses that the platform may call for the tenant',
    answer: Type.Object({ items: Type.Array(allowanceSchema, { maxItems: limits.egressAllowancesMax }) }, closed),
    uses: { listAllowances },
    handle: async ({ listAllowances }, { caller }) => ({ items: (await listAllowances(caller)).map(answerOf) }),
  }),
  endpoint({
    id: 'allowEgress',
    method: 'POST',
    path,
    operation: 'egress.allow',
    summary: 'Let the platform call a private address for the tenant, and for no other',
    body: Type.Object({ target }, closed),
    answer: allowanceSchema,
    status: 201,
    errors: ['egress.limit'],
    uses: { allowEgress },
    handle: async ({ allowEgress }, { caller, body }) => answerOf(await allowEgress(caller, body.target)),
  }),
  endpoint({
    id: 'removeEgressAllowance',
    method: 'DELETE',
    path,
    operation: 'egress.remove',
    summary: 'Close a private address to the tenant again',
    query: Type.Object({ target }, closed),
    errors: ['egress.allowance-unknown'],
    uses: { removeAllowance },
    handle: ({ removeAllowance }, { caller, query }) => removeAllowance(caller, query.target),
  }),
];
