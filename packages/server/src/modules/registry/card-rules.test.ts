/** Guarantee: a card is stored only when every field of it is safe to show. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { AgentCard, AgentInterface } from '@colloquy/protocol';
import { cardViolations } from './card-rules.ts';

const jsonRpc: AgentInterface = {
  url: 'https://agent.example/a2a',
  protocolBinding: 'JSONRPC',
  protocolVersion: '1.0',
};
const good: AgentCard = {
  name: 'Echo',
  description: '',
  version: '1',
  supportedInterfaces: [jsonRpc],
  capabilities: {},
  defaultInputModes: [],
  defaultOutputModes: [],
  skills: [],
};
const skill = { id: 'a', name: 'A', description: '', tags: [] };

const refused: Readonly<Record<string, [Partial<AgentCard>, string]>> = {
  'a blank name': [{ name: ' \t' }, 'name'],
  'a blank version': [{ version: ' ' }, 'version'],
  'a script as documentation': [{ documentationUrl: 'javascript:alert(1)' }, 'documentationUrl'],
  'data as icon': [{ iconUrl: 'data:image/svg+xml,<svg onload=alert(1)>' }, 'iconUrl'],
  'a provider without a web page': [{ provider: { organization: 'X', url: 'x' } }, 'provider.url'],
  'an interface that is a file': [
    { supportedInterfaces: [{ ...jsonRpc, url: 'file:///a' }] },
    'supportedInterfaces[0].url',
  ],
  'a relative interface': [
    { supportedInterfaces: [jsonRpc, { ...jsonRpc, url: '/a2a' }] },
    'supportedInterfaces[1].url',
  ],
  'two skills of one id': [{ skills: [skill, { ...skill, name: 'B' }] }, 'skills[1].id'],
};

describe('card rules', () => {
  it('accept a plain card, and a gRPC address that is not a URL', () => {
    const grpc = { url: 'agent.example:443', protocolBinding: 'GRPC', protocolVersion: '1.0' };
    assert.deepEqual(cardViolations({ ...good, supportedInterfaces: [grpc, jsonRpc] }), []);
  });

  for (const [what, [change, field]] of Object.entries(refused)) {
    it(`refuse ${what}`, () => {
      assert.deepEqual(
        cardViolations({ ...good, ...change }).map((violation) => violation.field),
        [field],
      );
    });
  }
});
