import assert from 'node:assert/strict';
import { harnessSkill, startHarnessAgent } from '../harness-agent.ts';
import { scenario } from '../run/scenario.ts';
import { resultOf } from './wire-objects.ts';

interface Card {
  readonly name: string;
  readonly skills: readonly { readonly id: string }[];
  readonly securitySchemes?: Readonly<Record<string, unknown>>;
}

const inner = { ...harnessSkill, id: 'inner', name: 'Inner' };

/** Sections 3.1.11 and 13.3: the card for callers who proved themselves. */
export const extendedCardScenarios = [
  scenario(
    'the extended card shows what the public one withholds, to callers who may see it',
    ['EXTENDED-1', 'PRIVATE-1', 'PRIVATE-2', 'PRIVATE-5', 'PRIVATE-6', 'WELL-KNOWN-5'],
    async ({ binding: { name }, stage }) => {
      await using agent = await startHarnessAgent({ card: { skills: [harnessSkill, inner] } });
      const agentName = `extended-${name.toLowerCase().replaceAll(/[^a-z]/g, '')}`;
      const registered = await stage.register(agentName, agent.cardUrl, { extendedSkillIds: ['inner'] });
      const shown = registered.card as unknown as Card;
      assert.deepEqual(
        shown.skills.map(({ id }) => id),
        ['play'],
      );
      assert.match(JSON.stringify(shown.securitySchemes), /"scheme":"Bearer"/);
      const open = registered.bindings.get(name);
      assert.ok(open);
      const extended = resultOf<Card>(await open().call('GetExtendedAgentCard', {}));
      assert.deepEqual(extended.skills.map(({ id }) => id).sort(), ['inner', 'play']);
      assert.ok(!JSON.stringify(extended).includes(new URL(agent.url).host));
      const less = resultOf<Card>(await open(stage.tokens.reader).call('GetExtendedAgentCard', {}));
      assert.deepEqual(
        less.skills.map(({ id }) => id),
        ['play'],
      );
      const anonymous = await open().call('GetExtendedAgentCard', {}, { token: null });
      assert.ok(anonymous.failure);
    },
  ),
  scenario(
    'an extended card says how it may be kept, and which it is',
    ['PRIVATE-3', 'PRIVATE-8'],
    async ({ stage }) => {
      const path = `/t/${stage.tenant.slug}/agents/harness/extendedAgentCard`;
      const response = await stage.fetch(path);
      assert.equal(response.status, 200);
      assert.match(response.headers.get('cache-control') ?? '', /private|no-store/);
      const etag = response.headers.get('etag');
      // What may not be kept cannot be asked about again.
      if (etag === null) return assert.match(response.headers.get('cache-control') ?? '', /no-store/);
      assert.equal((await stage.fetch(path, { headers: { 'if-none-match': etag } })).status, 304);
    },
    { on: ['HTTP+JSON'] },
  ),
];
