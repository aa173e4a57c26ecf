import type { Message } from '@colloquy/protocol';
import { defaultDecodeLimits } from '@colloquy/protocol/codec';
import { DecodeError } from '@colloquy/protocol/errors';
import { decodeMessage } from '@colloquy/protocol/v1';
import { Type } from 'typebox';
import type { Static } from 'typebox';
import { PlatformError } from '../../../kernel/errors.ts';
import { limits } from '../../../kernel/limits.ts';
import { budgetModes } from '../../../modules/budgets/index.ts';
import { isPaidBy, quoteSend } from '../../../modules/gateway/index.ts';
import type { Quote } from '../../../modules/gateway/index.ts';
import { itemProblems } from '../../../modules/prices/index.ts';
import { endpoint } from '../endpoint.ts';
import { creditAmount, priceLineAnswer, priceLineFields, sourceAnswer, sourceSchema } from '../prices/price-schemas.ts';
import { closed, component } from '../page-schemas.ts';

const lineSchema = Type.Object(
  {
    ...priceLineFields,
    basis: Type.Enum(['fixed', 'inputs', 'estimate', 'unknown', 'minimum'], {
      description:
        'Where the quantity comes from: every call has it, the inputs, the estimate of the price, nowhere (the line costs the default of the tenant for unknown prices), or the minimum of the price.',
    }),
    problem: Type.Optional(Type.Enum([...itemProblems], { description: 'Why the inputs say no number of items.' })),
  },
  closed,
);

const quoteSchema = component(
  'Quote',
  Type.Object(
    {
      agent: Type.String(),
      skill: Type.Optional(Type.String({ description: 'Id of the skill that is priced; absent: the agent.' })),
      source: sourceSchema,
      lines: Type.Array(lineSchema),
      totalMicrocredits: creditAmount('The price of the agent, as far as the message tells it.'),
      reserveMicrocredits: creditAmount('What a send would reserve now.'),
      reservedFor: Type.Optional(
        Type.String({ description: 'The fallback agent that costs more, so its price would be reserved.' }),
      ),
      cached: Type.Optional(
        Type.Enum(['fresh', 'stale'], { description: 'A cached result would answer, at its part of the price.' }),
      ),
      availableMicrocredits: Type.Optional(
        creditAmount(
          'What the wallet of the tenant has now; absent when it suffices and the caller lacks `credits:read`.',
        ),
      ),
      budgets: Type.Array(
        Type.Object(
          {
            name: Type.String(),
            mode: Type.Enum([...budgetModes]),
            leftMicrocredits: Type.Integer({
              description: 'What its current window has left; below zero when overspent.',
            }),
            allows: Type.Boolean({ description: 'Whether it would let the task be recorded now.' }),
          },
          closed,
        ),
        {
          description:
            'The budgets that would pay for the task; for a caller without `credits:read` only those that would refuse it.',
        },
      ),
      affordable: Type.Boolean({ description: 'Whether the wallet and the budgets would pay what would be reserved.' }),
    },
    closed,
  ),
);

const quoteBody = Type.Object(
  {
    skill: Type.Optional(
      Type.String({ minLength: 1, maxLength: limits.callerIdCharsMax, description: 'Id of a skill of the agent.' }),
    ),
    inputs: Type.Optional(Type.Unknown({ description: 'The data of the message, instead of a message.' })),
    message: Type.Optional(
      Type.Object(
        {},
        {
          additionalProperties: true,
          description: 'A message of A2A 1.0, as it would be sent; `messageId` and `role` may be left out.',
        },
      ),
    ),
  },
  closed,
);

/** The message that is priced. Inputs are its data; without inputs and message it says nothing. */
function messageOf({ inputs, message }: Static<typeof quoteBody>): Message {
  if (inputs !== undefined && message !== undefined) {
    const violations = [{ field: 'inputs', description: 'only one of inputs and message may be given' }];
    throw new PlatformError('request.invalid', { violations });
  }
  const stated = message ?? { parts: [inputs === undefined ? { text: '' } : { data: inputs }] };
  try {
    return decodeMessage({ messageId: 'quote', role: 'ROLE_USER', ...stated }, decodeLimits);
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    const violations = error.violations.map(({ field, description }) => ({ field: `message.${field}`, description }));
    throw new PlatformError('request.invalid', { violations });
  }
}

const decodeLimits = {
  ...defaultDecodeLimits,
  partsMax: limits.partsPerMessageMax,
  idCharsMax: limits.callerIdCharsMax,
};

function quoteAnswer({ lines, itemProblem, source, ...quote }: Quote): Static<typeof quoteSchema> {
  return {
    agent: quote.agentName,
    ...(quote.skillId === null ? {} : { skill: quote.skillId }),
    source: sourceAnswer(source),
    lines: lines.map((line) => ({
      ...priceLineAnswer(line),
      basis: line.basis,
      ...(line.component === 'items' && itemProblem !== null ? { problem: itemProblem } : {}),
    })),
    totalMicrocredits: Number(quote.totalMicrocredits),
    reserveMicrocredits: Number(quote.reserveMicrocredits),
    ...(quote.reservedFor === null ? {} : { reservedFor: quote.reservedFor }),
    ...(quote.cached === null ? {} : { cached: quote.cached }),
    ...(quote.availableMicrocredits === null ? {} : { availableMicrocredits: Number(quote.availableMicrocredits) }),
    budgets: quote.budgets.map((status) => ({
      name: status.budget.name,
      mode: status.budget.mode,
      leftMicrocredits: Number(status.leftMicrocredits),
      allows: isPaidBy(status, quote.reserveMicrocredits),
    })),
    affordable: quote.isAffordable,
  };
}

export const quoteDataPlaneEndpoints = [
  endpoint({
    id: 'quote',
    method: 'POST',
    path: '/tenants/{tenant}/agents/{agent}/quotes',
    operation: 'call.quote',
    summary: 'Say what a call of an agent would cost now, and why; nothing is recorded',
    body: quoteBody,
    answer: quoteSchema,
    errors: ['registry.agent-unknown', 'task.skill-unknown', 'task.media-type-unsupported'],
    uses: { quoteSend },
    handle: async ({ quoteSend }, { caller, path, body }) =>
      quoteAnswer(
        await quoteSend(caller, { agentName: path.agent, skillId: body.skill ?? null, message: messageOf(body) }),
      ),
  }),
];
