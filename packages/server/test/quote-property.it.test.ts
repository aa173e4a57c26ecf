/** Guarantee: whatever the price, the inputs, the fallback agent, the wallet and the budget are, a send reserves what the quote said, and is accepted when the quote said so. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import * as fc from 'fast-check';
import type { JsonObject, JsonValue, Message } from '@colloquy/protocol';
import { asPlatformError } from '../src/kernel/errors.ts';
import { uuidOf } from '../src/kernel/ids.ts';
import { quoteSend } from '../src/modules/gateway/index.ts';
import { setBudget } from './budget-setting.ts';
import { startGatewaySetting, sendNow } from './gateway-setting.ts';
import type { GatewayProcess, GatewaySetting, SeededCaller } from './gateway-setting.ts';
import { setResilience } from './resilience-settings.ts';
import { taskTold } from './scripted-agent.ts';
import { assertBooksAreSound } from './task-books.ts';

const skillUri = 'urn:colloquy:extension:skill:v1';

/** Credits as a price states them: a number or a text with at most six decimals. */
const credits = fc
  .bigInt({ min: 0n, max: 3_000_000n })
  .map((micro) => `${micro / 1_000_000n}.${String(micro % 1_000_000n).padStart(6, '0')}`);
const quantity = fc.oneof(
  fc.nat(300),
  fc.integer({ min: 0, max: 3_000 }).map((tenths) => tenths / 10),
);
const tiers = fc
  .uniqueArray(fc.integer({ min: 1, max: 200 }), { minLength: 1, maxLength: 3 })
  .chain((ends) =>
    fc.tuple(...ends.toSorted((one, other) => one - other).map((upTo) => credits.map((price) => ({ upTo, price })))),
  );
const optional = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: undefined });
const path = fc.constantFrom('$.leadIds[*]', '$.leadIds', '$.n', '$[*]', '$.groups[*].ids[*]', '$.missing', '$');

const price: fc.Arbitrary<JsonObject> = fc
  .record({
    perCall: optional(credits),
    perItem: optional(
      fc.record({ price: credits, of: optional(path), tiers: optional(tiers) }, { requiredKeys: ['price'] }),
    ),
    perSecond: optional(credits),
    perUnit: optional(fc.record({ tokens: fc.oneof(credits, fc.record({ price: credits, tiers })) })),
    minimum: optional(credits),
    estimate: optional(
      fc.record({
        items: optional(quantity),
        seconds: optional(quantity),
        units: optional(fc.record({ tokens: quantity })),
      }),
    ),
  })
  .map((stated) => JSON.parse(JSON.stringify({ ...stated, perCall: stated.perCall ?? 0 })) as JsonObject);

const data: fc.Arbitrary<JsonValue> = fc.oneof(
  fc.record({
    leadIds: fc.array(fc.nat(9), { maxLength: 40 }),
    n: fc.oneof(quantity, fc.constantFrom(-1, 1e12, 'many', null, true)),
    groups: fc.array(fc.record({ ids: fc.array(fc.nat(9), { maxLength: 5 }) }), { maxLength: 5 }),
  }),
  fc.array(fc.nat(9), { maxLength: 20 }),
  fc.jsonValue({ maxDepth: 2 }) as fc.Arbitrary<JsonValue>,
);

type Case = typeof call extends fc.Arbitrary<infer Value> ? Value : never;
const call = fc.record({
  own: price,
  fallback: optional(price),
  override: optional(price),
  data: optional(data),
  skill: optional(fc.constantFrom('echo', 'none')),
  wallet: fc.bigInt({ min: 0n, max: 400_000_000n }),
  unknown: optional(fc.bigInt({ min: 1n, max: 5_000_000n })),
  budget: optional(
    fc.record({
      mode: fc.constantFrom('hard' as const, 'soft' as const),
      limitMicrocredits: fc.bigInt({ min: 1n, max: 200_000_000n }),
    }),
  ),
});

describe('a quote and the send of the same message', () => {
  let setting: GatewaySetting;
  let here: GatewayProcess;

  before(async () => {
    setting = await startGatewaySetting();
    here = await setting.startProcess();
    here.agent.onCall = (made) => void made.say(taskTold('up', 'TASK_STATE_COMPLETED'));
  });
  after(async () => {
    await assertBooksAreSound(setting.tasks);
    await setting[Symbol.asyncDispose]();
  });

  async function seed(case_: Case): Promise<SeededCaller> {
    const sender = await setting.seedCaller({ credits: case_.wallet });
    const tenantId = uuidOf(sender.tenant.tenantId);
    const set = (agent: string, stated: JsonObject) =>
      setting.tasks.rows(
        'update colloquy.agents set price = $3::jsonb where tenant_id = $1 and name = $2',
        tenantId,
        agent,
        JSON.stringify(stated),
      );
    await set('echo', case_.own);
    if (case_.fallback !== undefined) {
      await setting.tasks.registerAgent(sender.tenant, 'other');
      await set('other', case_.fallback);
      await setResilience(setting.tasks, sender.tenant, { fallback: ['other'] });
    }
    if (case_.override !== undefined) {
      await setting.tasks.rows(
        `insert into colloquy.price_overrides (tenant_id, agent_name, skill_id, effective_from, price, changed_by)
         values ($1, 'echo', '', now() - interval '1 day', $2::jsonb, 'cli_test')`,
        tenantId,
        JSON.stringify(case_.override),
      );
    }
    if (case_.budget !== undefined) await setBudget(setting.tasks, sender.tenant, case_.budget);
    if (case_.unknown !== undefined) {
      await setting.tasks.rows(
        `insert into colloquy.credit_settings (tenant_id, unknown_price_microcredits, changed_by) values ($1, $2, 'cli_test')`,
        tenantId,
        case_.unknown,
      );
    }
    return sender;
  }

  it('CREDIT-41 reserves the quoted amount, and is accepted exactly when the quote says that wallet and budgets pay it', async () => {
    let accepted = 0;
    let refused = 0;
    const codes = new Set<string>();
    await fc.assert(
      fc.asyncProperty(call, async (case_) => {
        const sender = await seed(case_);
        const parts = case_.data === undefined ? [{ text: 'go' }] : [{ data: case_.data }];
        const named = case_.skill === undefined ? {} : { metadata: { [skillUri]: { id: case_.skill } } };
        const { message } = sendNow('', { parts, ...named }) as { readonly message: Message };
        const reader = { ...sender.caller, scopes: new Set([...sender.caller.scopes, 'credits:read' as const]) };
        const quote = await quoteSend(here.engine.workPorts)(reader, {
          agentName: 'echo',
          skillId: null,
          message,
        });
        const sum = quote.lines.reduce((total, { amountMicrocredits }) => total + amountMicrocredits, 0n);
        assert.equal(quote.totalMicrocredits, sum);
        const request = { message, configuration: { returnImmediately: true } };
        const answer = await here.gateway
          .sendMessage(sender.caller, sender.address, request, {})
          .catch((error: unknown) => asPlatformError(error));
        if (!('task' in answer)) {
          refused += 1;
          assert.ok('code' in answer);
          assert.equal(answer.details['neededMicrocredits'], String(quote.reserveMicrocredits));
          if (answer.code === 'credits.budget-exceeded')
            assert.equal(answer.details['leftMicrocredits'], String(quote.budgets[0]?.leftMicrocredits));
          else {
            assert.equal(answer.code, 'credits.insufficient');
            assert.equal(answer.details['availableMicrocredits'], String(quote.availableMicrocredits));
          }
          codes.add(answer.code);
          return assert.equal(quote.isAffordable, false);
        }
        accepted += 1;
        const [row] = await setting.tasks.rows<{ reserved: string }>(
          'select reserved_microcredits::text as reserved from colloquy.tasks where tenant_id = $1',
          uuidOf(sender.tenant.tenantId),
        );
        assert.equal(quote.reserveMicrocredits, BigInt(row?.reserved ?? -1));
        assert.equal(quote.isAffordable, true);
      }),
      { numRuns: 80 },
    );
    assert.ok(accepted > 5 && refused > 5, `${accepted} accepted, ${refused} refused`);
    assert.deepEqual([...codes].toSorted(), ['credits.budget-exceeded', 'credits.insufficient']);
  });
});
