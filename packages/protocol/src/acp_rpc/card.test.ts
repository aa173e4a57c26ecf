/** Guarantee: a card of ACP-RPC is told from one of A2A, read as servers in the field publish it, and written within its schema. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { agentCard } from '../../test/arbitraries.ts';
import { assertDecodesOrRefuses } from '../../test/wire-damage.ts';
import { defaultDecodeLimits as limits } from '../codec/index.ts';
import * as codec from './index.ts';

const origin = 'https://agent.example';
const decode = (card: unknown) => codec.decodeAgentCard(card, limits, origin);
const endpoint = { url: 'https://gateway.example/jsonrpc', scopes: ['acp:agent:identify'] };

const flat = {
  name: 'a',
  version: '1.0.0',
  url: '/jsonrpc',
  methods: ['tasks.create'],
  capabilities: { streaming: true, notifications: true },
};

describe('a card of ACP-RPC', () => {
  it('is told from a card of A2A', () => {
    assert.equal(codec.isAcpRpcCard(flat), true);
    assert.equal(codec.isAcpRpcCard({ name: 'a', url: 'https://x', authentication: { schemes: ['oauth2'] } }), true);
    assert.equal(codec.isAcpRpcCard({ name: 'a', url: 'https://x/jsonrpc' }), true);
    for (const other of [{ supportedInterfaces: [] }, { protocolVersion: '0.3.0' }]) {
      assert.equal(codec.isAcpRpcCard({ ...flat, ...other }), false);
    }
    for (const other of [null, [], 'x', { name: 'a', url: 'https://x' }])
      assert.equal(codec.isAcpRpcCard(other), false);
  });

  it('is read where it is flat and its URL relative', () => {
    const card = decode(flat);
    assert.equal(card.supportedInterfaces[0]?.url, 'https://agent.example/jsonrpc');
    assert.deepEqual(card.capabilities, { streaming: true, pushNotifications: true });
    assert.deepEqual(card.skills, []);
  });

  it('is read whole', () => {
    const card = decode({
      ...flat,
      description: 'Quotes pumps',
      provider: { organization: 'Pumps', contact: 'a@b.example' },
      authentication: { schemes: ['oauth2', 'apikey'], scopes: ['acp:tasks:write'] },
      skills: [{ id: 'quote', name: 'Quote', description: 'Quotes', inputModes: ['text', 'image'] }],
      metadata: { category: 'sales' },
    });
    assert.deepEqual(card.provider, { organization: 'Pumps', url: origin });
    assert.deepEqual(card.skills[0], {
      id: 'quote',
      name: 'Quote',
      description: 'Quotes',
      tags: ['sales'],
      inputModes: ['text/plain', 'image/*'],
    });
    assert.deepEqual(card.securityRequirements?.[0], { schemes: { oauth2: { list: ['acp:tasks:write'] } } });
  });

  it('is written within its schema, and read back', () => {
    fc.assert(
      fc.property(agentCard, (card) => {
        const text = codec.encodeAgentCard(card, endpoint);
        const wire = JSON.parse(text) as { version: string; skills?: readonly { id: string }[] };
        assert.match(wire.version, /^\d+\.\d+\.\d+$/);
        for (const { id } of wire.skills ?? []) assert.match(id, /^[a-z0-9-]+$/);
        assert.equal(codec.isAcpRpcCard(wire), true);
        const read = decode(wire);
        assert.equal(read.name, card.name);
        assert.equal(read.supportedInterfaces[0]?.url, endpoint.url);
        assert.equal(read.skills.length, card.skills.length);
      }),
    );
  });

  it('is decoded or refused, whatever the JSON', () => {
    fc.assert(fc.property(fc.jsonValue(), (value) => assertDecodesOrRefuses(decode, value)));
    assertDecodesOrRefuses(decode, { ...flat, url: 'http://[' });
  });
});
