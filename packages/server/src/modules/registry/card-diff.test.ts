/** Guarantee: a card diff lists every difference and nothing else, under readable paths, up to a bound. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { AgentCard, AgentSkill, JsonObject } from '@colloquy/protocol';
import { limits } from '../../kernel/limits.ts';
import { diffCards } from './card-diff.ts';
import type { CardDiff, ComparedCard } from './card-diff.ts';

const skill = (id: string, over: Partial<AgentSkill> = {}): AgentSkill => ({
  id,
  name: id,
  description: '',
  tags: ['a'],
  ...over,
});
const card: AgentCard = {
  name: 'Echo',
  description: 'Says it again',
  version: '1',
  supportedInterfaces: [{ url: 'https://a/', protocolBinding: 'JSONRPC', protocolVersion: '1.0' }],
  capabilities: { streaming: true },
  securitySchemes: { key: { apiKeySecurityScheme: { location: 'header', name: 'K' } } },
  defaultInputModes: ['text/plain'],
  defaultOutputModes: ['text/plain'],
  skills: [skill('one'), skill('two')],
};

const as = (shown: AgentCard, state: ComparedCard['signature']['state'] = 'unsigned'): ComparedCard => ({
  card: shown,
  signature: { state, kid: null },
});
const changed = (over: Partial<AgentCard>): CardDiff => diffCards(as(card), as({ ...card, ...over }));
const pathsOf = ({ changes }: CardDiff): string[] => changes.map(({ kind, path }) => `${kind} ${path}`);

describe('the differences between two cards', () => {
  it('are empty for equal cards, whatever their order of members and their signatures', () => {
    const reversed = Object.fromEntries(Object.entries(card).reverse()) as unknown as AgentCard;
    const signed = { ...reversed, signatures: [{ protected: 'a', signature: 'b' }] };
    assert.deepEqual(diffCards(as(card), as(signed)), { changes: [], changeCount: 0, material: [] });
  });

  it('name skills by id and list items by value, so that an insertion moves nothing', () => {
    const skills = [skill('zero'), skill('one', { tags: ['a', 'b'] }), skill('two')];
    assert.deepEqual(pathsOf(changed({ skills })), ['added skills[one].tags[b]', 'added skills[zero]']);
  });

  it('name list items by index when values repeat', () => {
    assert.deepEqual(pathsOf(changed({ defaultInputModes: ['text/plain', 'text/plain'] })), [
      'removed defaultInputModes[text/plain]',
      'added defaultInputModes[0]',
      'added defaultInputModes[1]',
    ]);
  });

  it('report changes that affect trust as material, and changes of descriptions not', () => {
    const none = [{ description: 'x' }, { version: '2' }, { iconUrl: 'https://x/' }, { capabilities: {} }];
    for (const over of none) assert.deepEqual(changed(over).material, [], JSON.stringify(over));
    assert.deepEqual(changed({ skills: card.skills.toReversed() }).material, [], 'the set is the same');
    assert.deepEqual(changed({ skills: [skill('one')] }).material, ['skills']);
    assert.deepEqual(changed({ securityRequirements: [{}] }).material, ['security']);
    assert.deepEqual(changed({ skills: [skill('one', { securityRequirements: [{}] }), skill('two')] }).material, [
      'security',
    ]);
    const [first] = card.supportedInterfaces;
    assert.ok(first !== undefined);
    assert.deepEqual(changed({ supportedInterfaces: [{ ...first, routingTag: 'x' }] }).material, ['interfaces']);
  });

  it('report a weaker signature as material, and an equal or stronger one not', () => {
    const states = ['unsigned', 'untrusted-key', 'verified'] as const;
    for (const [at, before] of states.entries()) {
      for (const [next, after] of states.entries()) {
        const expected = next < at ? ['signature'] : [];
        assert.deepEqual(diffCards(as(card, before), as(card, after)).material, expected, `${before} ${after}`);
      }
    }
  });

  it('report a changed price of the agent or of a skill as material, with parts or without', () => {
    const priced = (params: JsonObject): AgentCard => ({
      ...card,
      capabilities: { extensions: [{ uri: 'urn:colloquy:extension:enterprise:v1', params }] },
    });
    const perLead = (price: string): JsonObject => ({ perItem: { price, of: '$.leadIds[*]' } });
    const before = priced({ price: perLead('0.5'), skills: { one: { price: perLead('0.5') } } });
    for (const params of [
      { price: perLead('0.6'), skills: { one: { price: perLead('0.5') } } },
      { price: perLead('0.5'), skills: { one: { price: perLead('0.6') } } },
      { price: perLead('0.5'), skills: { one: { priceMicrocredits: 5 } } },
      { skills: { one: { price: perLead('0.5') } } },
    ]) {
      assert.deepEqual(diffCards(as(before), as(priced(params))).material, ['terms'], JSON.stringify(params));
    }
    assert.deepEqual(diffCards(as(before), as(before)).material, []);
  });

  it('are listed up to a bound, and all are counted', () => {
    const tags = Array.from({ length: limits.cardChangesMax + 9 }, (_, at) => `tag-${at}`);
    const diff = changed({ skills: [skill('one', { tags: ['a', ...tags] }), skill('two')] });
    assert.deepEqual([diff.changes.length, diff.changeCount], [limits.cardChangesMax, tags.length]);
  });
});
