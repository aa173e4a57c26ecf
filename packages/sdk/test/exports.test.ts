/** Guarantee: what the package offers changes on purpose: a name that comes or goes shows up here. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import * as agent from '@colloquy/sdk/agent';
import * as client from '@colloquy/sdk/client';

/** Names of types too, which no value at run time carries. */
function namesIn(file: string): readonly string[] {
  const source = readFileSync(new URL(`../src/${file}/index.ts`, import.meta.url), 'utf8');
  const lists = source.matchAll(/export (?:type )?\{([^}]+)\}/g);
  return Array.from(lists, ([, names = '']) => names.split(','))
    .flat()
    .map((name) => name.trim())
    .filter((name) => name !== '')
    .sort();
}

describe('public exports', () => {
  it('of @colloquy/sdk/agent', () => {
    assert.deepEqual(Object.keys(agent).sort(), ['serveAgent', 'text']);
    const types = ['AgentHandler', 'AgentServer', 'AgentTask', 'ArtifactPiece', 'CardInput', 'ForwardCaller'];
    const more = ['ForwardTrust', 'ServeAgentOptions', 'SkillInput', 'TaskMemoryBounds'];
    assert.deepEqual(namesIn('agent'), [...types, ...more, 'serveAgent', 'text'].sort());
  });

  it('of @colloquy/sdk/client', () => {
    const values = ['ColloquyError', 'createAgentClient', 'createClient', 'platformErrors'];
    assert.deepEqual(Object.keys(client).sort(), values);
    const calling = [
      'AgentClient',
      'Backoff',
      'Cancelable',
      'ClientCredentials',
      'ClientSurroundings',
      'ColloquyClient',
    ];
    const more = [
      'CreateClientOptions',
      'Fetch',
      'IssuedToken',
      'MessageInput',
      'SendOptions',
      'StreamOptions',
      'TaskStream',
    ];
    const errors = ['ColloquyErrorFacts', 'ErrorCode', 'ErrorKind', 'PlatformErrorCode', 'PlatformErrorRow', 'Retry'];
    const kinds = ['SdkErrorCode', 'Violation'];
    const admin = [
      'AdminClient',
      'AgentRegistration',
      'AuditEntry',
      'CreatedOAuthClient',
      'CreditBalance',
      'Delivery',
      'InspectedEvent',
    ];
    const answers = ['InspectedTask', 'LedgerEntry', 'OAuthClient', 'Page', 'PageRequest', 'RegisteredAgent', 'Tenant'];
    const cards = [
      'CardAdmin',
      'CardChange',
      'CardDiff',
      'CardKeyAdmin',
      'CardPolicy',
      'CardPolicyAdmin',
      'CardSignature',
    ];
    const versions = ['CardUpdate', 'CardVersion', 'ComparedCards', 'OriginalCard', 'TrustedCardKey', 'UpdatedCard'];
    const all = [...cards, ...versions, ...values, ...calling, ...more, ...errors, ...kinds, ...admin, ...answers];
    assert.deepEqual(namesIn('client'), all.sort());
  });
});
