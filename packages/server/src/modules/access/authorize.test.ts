/** Guarantee: a caller does only what its scopes name, in its own tenant; what is not listed is refused. */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { everything } from '../../kernel/access-rights.ts';
import { PlatformError } from '../../kernel/errors.ts';
import { authorize } from './authorize.ts';
import type { AccessSubject } from './authorize.ts';
import type { HeldRole } from './grant.ts';
import { operations, policyOf } from './policy-table.ts';
import type { Operation } from './policy-table.ts';
import { rightsOf } from './rights-of.ts';
import { scopes } from '../../kernel/scope.ts';

/** Every policy as the reviewed table has it. COLLOQUY_UPDATE_GOLDEN=1 writes it anew. */
const golden = new URL('policy-table.golden.txt', import.meta.url);
if (process.env['COLLOQUY_UPDATE_GOLDEN'] === '1') writeFileSync(golden, policyText());

const reviewed = readFileSync(golden, 'utf8');
const needed = Object.fromEntries(
  Array.from(
    reviewed.matchAll(/^(\S+\.\S+) +(\S+) /gm),
    ([, operation = '', scope = '']) => [operation, scope] as const,
  ),
);
const operatorOnly = Array.from(reviewed.matchAll(/^(\S+) +\S+ +operator /gm), ([, operation = '']) => operation);

function policyText(): string {
  const line = (
    ...[operation, scope, actor, place, missing]: readonly [string, string, string, string, string]
  ): string => `${operation.padEnd(28)}${scope.padEnd(20)}${actor.padEnd(12)}${place.padEnd(12)}${missing}\n`;
  const lines = operations.toSorted().map((operation) => {
    const policy = policyOf(operation);
    assert.ok(policy !== undefined, operation);
    return line(operation, policy.scope, policy.actor, policy.place, policy.missing);
  });
  return [line('operation', 'scope', 'actor', 'place', 'missing'), ...lines].join('');
}

function subject(kind: 'oauth-client' | 'operator', granted: readonly string[]): AccessSubject {
  const rights = { scopes: new Set(granted), access: everything, boundTo: null };
  return { principal: { kind, id: 'cli_x' }, tenant: { slug: 'acme' }, ...rights };
}

function verdict(caller: AccessSubject, operation: string, tenantSlug?: string): string {
  try {
    authorize(caller, operation as Operation, tenantSlug === undefined ? undefined : { tenantSlug });
    return 'allowed';
  } catch (error) {
    assert.ok(error instanceof PlatformError);
    return error.code;
  }
}

describe('authorize', () => {
  it('has for every operation the policy that the reviewed table has', () => {
    assert.equal(policyText(), reviewed);
  });

  for (const operation of operations) {
    const neededScope = needed[operation] ?? '';
    it(`${operation}: exactly the scope ${neededScope} opens it`, () => {
      for (const scope of scopes) {
        const opens = scope === neededScope && !operatorOnly.includes(operation);
        assert.equal(verdict(subject('oauth-client', [scope]), operation), opens ? 'allowed' : 'access.scope-missing');
      }
      const others = scopes.filter((scope) => scope !== neededScope);
      assert.equal(verdict(subject('oauth-client', others), operation), 'access.scope-missing');
      assert.equal(verdict(subject('operator', others), operation), 'access.scope-missing');
      assert.equal(verdict(subject('oauth-client', []), operation), 'access.scope-missing');
    });

    it(`${operation}: another tenant looks like nothing at all, and only an operator sees it`, () => {
      const expected = /^(?:task|push|call)\.(?!inspect)|^card\.read$/.test(operation);
      const missing = expected ? 'registry.agent-unknown' : 'tenancy.tenant-unknown';
      const client = verdict(subject('oauth-client', scopes), operation, 'other');
      assert.equal(client, operatorOnly.includes(operation) ? 'access.scope-missing' : missing);
      assert.equal(verdict(subject('operator', [neededScope, 'platform:operate']), operation, 'other'), 'allowed');
      if (neededScope !== 'platform:operate') {
        assert.equal(verdict(subject('operator', [neededScope]), operation, 'other'), missing);
      }
    });
  }

  it('refuses an operation without a policy, also to an operator and under names of built-in properties', () => {
    for (const operation of [
      '',
      'task',
      'task.delete',
      'TASK.SEND',
      'constructor',
      '__proto__',
      'toString',
      'hasOwnProperty',
    ]) {
      assert.equal(policyOf(operation), undefined);
      assert.equal(verdict(subject('operator', scopes), operation), 'access.scope-missing');
      assert.equal(verdict(subject('operator', scopes), operation, 'acme'), 'access.scope-missing');
    }
  });

  it('compares tenants and scopes exactly', () => {
    for (const slug of ['Acme', 'acme ', 'acme\u0000', '', 'аcme', 'acme/']) {
      assert.equal(verdict(subject('oauth-client', scopes), 'task.get', slug), 'registry.agent-unknown');
    }
    for (const scope of ['A2A:READ', 'a2a:read ', 'a2a:*', 'a2a:read a2a:send', '*']) {
      assert.equal(verdict(subject('oauth-client', [scope]), 'task.get', 'acme'), 'access.scope-missing');
    }
  });
});

describe('rights that are limited to roles', () => {
  const limited = (granted: readonly string[], held: readonly HeldRole[]): AccessSubject => ({
    ...subject('oauth-client', granted),
    access: rightsOf([held]),
  });
  const at = (caller: AccessSubject, operation: Operation, place: { agentName?: string; skillId?: string } = {}) => {
    try {
      authorize(caller, operation, { tenantSlug: 'acme', ...place });
      return 'allowed';
    } catch (error) {
      assert.ok(error instanceof PlatformError);
      return error.code;
    }
  };
  const onEcho = { role: 'caller', agentName: 'echo', skillId: null } as const;

  it('reach an agent and no other, and every other looks like one that does not exist', () => {
    const caller = limited(scopes, [onEcho]);
    assert.equal(at(caller, 'task.send', { agentName: 'echo' }), 'allowed');
    for (const agentName of ['other', 'missing', 'echo2', 'constructor', '__proto__', ''])
      assert.equal(at(caller, 'task.send', { agentName }), 'registry.agent-unknown', agentName);
    assert.equal(at(caller, 'agent.get', { agentName: 'echo' }), 'allowed');
    assert.equal(at(caller, 'agent.get', { agentName: 'other' }), 'registry.agent-unknown');
  });

  it('do not reach the tenant, whatever the agent', () => {
    const admin = limited(scopes, [{ role: 'tenant-admin', agentName: 'echo', skillId: null }]);
    for (const operation of operations) {
      const { place = 'tenant', actor } = policyOf(operation) ?? {};
      const isLookedUp = place === 'anywhere' || place === 'task';
      const whole = isLookedUp ? 'allowed' : 'access.scope-missing';
      assert.equal(at(admin, operation), actor === 'operator' ? 'access.scope-missing' : whole, operation);
      const isThere = place !== 'tenant' && actor !== 'operator';
      assert.equal(
        at(admin, operation, { agentName: 'echo' }),
        isThere ? 'allowed' : 'access.scope-missing',
        operation,
      );
    }
  });

  it('reach a skill only in messages that name it, known or not to the agent', () => {
    const caller = limited(scopes, [{ role: 'caller', agentName: 'echo', skillId: 'translate' }]);
    assert.equal(at(caller, 'task.send', { agentName: 'echo', skillId: 'translate' }), 'allowed');
    for (const skillId of ['other', 'Translate', 'translate ', ''])
      assert.equal(at(caller, 'task.send', { agentName: 'echo', skillId }), 'access.scope-missing');
    assert.equal(at(caller, 'task.send', { agentName: 'echo' }), 'access.scope-missing');
    assert.equal(at(caller, 'task.get', { agentName: 'echo' }), 'allowed', 'its own tasks there');
    assert.equal(at(caller, 'task.send', { agentName: 'other', skillId: 'translate' }), 'registry.agent-unknown');
  });

  it('are the part of the scopes that a role and the token both name', () => {
    assert.equal(at(limited(['a2a:read'], [onEcho]), 'task.send', { agentName: 'echo' }), 'access.scope-missing');
    assert.equal(at(limited(scopes, [onEcho]), 'agent.deregister', { agentName: 'echo' }), 'access.scope-missing');
  });

  it('are none once every role is taken away', () => {
    const withoutAgents = limited(scopes, []);
    for (const operation of operations) assert.equal(at(withoutAgents, operation), 'access.scope-missing');
  });

  it('never reach another tenant, and an agent there answers as one that is missing everywhere', () => {
    for (const held of [[onEcho], [{ ...onEcho, agentName: null }]]) {
      const foreign = { tenantSlug: 'other', agentName: 'echo' };
      const caller = limited(scopes, held);
      assert.throws(() => authorize(caller, 'task.get', foreign), { code: 'registry.agent-unknown' });
      assert.throws(() => authorize(caller, 'agent.get', foreign), { code: 'tenancy.tenant-unknown' });
    }
  });
});
