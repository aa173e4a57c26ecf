/** Guarantee: a card is read as the version that it is, and every agent whose card we can read is called by what the card says. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { defaultDecodeLimits } from '../codec/index.ts';
import { cardVersionOf, decodeAnyAgentCard } from './index.ts';

const url = 'https://agent.example/a2a';
const oldest = { name: 'Old', url, version: '1', capabilities: {}, skills: [] };
const later = { ...oldest, description: '', defaultInputModes: ['text/plain'], defaultOutputModes: ['text/plain'] };

const cards: Readonly<Record<string, readonly [card: unknown, version: string]>> = {
  'a card with interfaces': [{ ...later, supportedInterfaces: [] }, '1.0'],
  'a card without any address': [{ name: 'x' }, '1.0'],
  'no card': [[], '1.0'],
  'a card that names its version': [{ ...oldest, protocolVersion: '0.3.0' }, '0.3'],
  'a card with a transport': [{ ...oldest, preferredTransport: 'GRPC' }, '0.3'],
  'a card with security schemes': [{ ...oldest, securitySchemes: {} }, '0.3'],
  'a card with all that 0.2 asked for': [later, '0.3'],
  'a card with as little as 0.1 asked for': [oldest, '0.1'],
  'a card with authentication': [{ ...later, authentication: { schemes: ['bearer'] } }, '0.1'],
  'a card with modes that are words': [{ ...later, defaultInputModes: ['text'] }, '0.1'],
  'a card with nulls for what it lacks': [{ ...oldest, securitySchemes: null, description: null }, '0.1'],
};

describe('the version of a card', () => {
  for (const [name, [card, version]] of Object.entries(cards)) {
    it(`is told from its members: ${name}`, () => assert.equal(cardVersionOf(card), version));
  }
});

describe('a card of A2A 0.1', () => {
  it('becomes a card with one interface, and what it lacks filled in', () => {
    const skill = { id: 's', name: 'S', inputModes: ['text', 'image/png'] };
    const card = {
      ...oldest,
      authentication: { schemes: ['Bearer', 'Basic'], credentials: null },
      provider: { organization: 'Unknown' },
      capabilities: { streaming: true, stateTransitionHistory: true },
      skills: [skill],
    };
    assert.deepEqual(decodeAnyAgentCard(card, defaultDecodeLimits), {
      name: 'Old',
      description: '',
      supportedInterfaces: [{ url, protocolBinding: 'JSONRPC', protocolVersion: '0.1' }],
      version: '1',
      capabilities: { streaming: true },
      securitySchemes: {
        Bearer: { httpAuthSecurityScheme: { scheme: 'Bearer' } },
        Basic: { httpAuthSecurityScheme: { scheme: 'Basic' } },
      },
      securityRequirements: [{ schemes: { Bearer: {} } }, { schemes: { Basic: {} } }],
      defaultInputModes: ['text/plain'],
      defaultOutputModes: ['text/plain'],
      skills: [{ id: 's', name: 'S', description: '', tags: [], inputModes: ['text/plain', 'image/png'] }],
    });
  });

  it('is refused with every wrong field', () => {
    const broken = { ...oldest, name: 7, version: '', capabilities: null, skills: [{ id: 's' }] };
    assert.throws(
      () => decodeAnyAgentCard(broken, defaultDecodeLimits),
      (error: { violations: readonly { field: string }[] }) => {
        assert.deepEqual(
          error.violations.map(({ field }) => field),
          ['name', 'version', 'capabilities', 'skills[0].name'],
        );
        return true;
      },
    );
  });
});

describe('a card of A2A 0.3', () => {
  it('becomes a card whose interfaces are of 0.3', () => {
    const additionalInterfaces = [{ url: 'https://agent.example/v1', transport: 'HTTP+JSON' }];
    const card = decodeAnyAgentCard({ ...later, protocolVersion: '0.3.0', additionalInterfaces }, defaultDecodeLimits);
    assert.deepEqual(card.supportedInterfaces, [
      { url, protocolBinding: 'JSONRPC', protocolVersion: '0.3' },
      { url: 'https://agent.example/v1', protocolBinding: 'HTTP+JSON', protocolVersion: '0.3' },
    ]);
  });
});
