/** Guarantee: a caller does only what its scopes name, in its own tenant; what is not listed is refused. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { everything } from '../../kernel/access-rights.ts';
import { PlatformError } from '../../kernel/errors.ts';
import { authorize } from './authorize.ts';
import type { AccessSubject } from './authorize.ts';
import type { HeldRole } from './grant.ts';
import { operations, policyOf } from './policy-table.ts';
import type { Operation } from './policy-table.ts';
import { rightsOf } from './rights-of.ts';
import { scopes } from './scope.ts';

/** Written out by hand, so that a change of the table is a change of two files. */
const needed: Readonly<Record<Operation, string>> = {
  'task.send': 'a2a:send',
  'task.get': 'a2a:read',
  'task.list': 'a2a:read',
  'task.cancel': 'a2a:cancel',
  'task.subscribe': 'a2a:read',
  'call.send': 'a2a:send',
  'call.read': 'a2a:read',
  'call.follow': 'a2a:read',
  'dead-letter.list': 'tasks:inspect',
  'dead-letter.replay': 'deliveries:write',
  'push.create': 'a2a:send',
  'push.get': 'a2a:read',
  'push.list': 'a2a:read',
  'push.delete': 'a2a:send',
  'card.read': 'a2a:read',
  'agent.register': 'agents:write',
  'agent.list': 'a2a:read',
  'agent.get': 'a2a:read',
  'agent.deregister': 'agents:write',
  'card.update': 'agents:write',
  'card.list-versions': 'a2a:read',
  'card.read-original': 'agents:write',
  'card.decide': 'agents:approve',
  'card-key.add': 'agents:approve',
  'card-key.list': 'a2a:read',
  'card-key.revoke': 'agents:approve',
  'card-policy.read': 'a2a:read',
  'card-policy.change': 'agents:approve',
  'certificate.list': 'agents:write',
  'certificate.check': 'agents:write',
  'agent.pin': 'agents:approve',
  'routing.read': 'a2a:read',
  'resilience.list': 'a2a:read',
  'resilience.change': 'agents:write',
  'routing.change': 'agents:write',
  'listener-certificate.list': 'platform:operate',
  'credits.read': 'credits:read',
  'credits.grant': 'platform:operate',
  'audit.read': 'audit:read',
  'audit.erase': 'audit:erase',
  'audit.prune': 'audit:erase',
  'task.inspect': 'tasks:inspect',
  'delivery.list': 'deliveries:read',
  'delivery.replay': 'deliveries:write',
  'delivery.read-secret': 'deliveries:write',
  'delivery.rotate-secret': 'deliveries:write',
  'secret.read-keys': 'platform:operate',
  'secret.rotate': 'platform:operate',
  'egress.list': 'platform:operate',
  'egress.allow': 'platform:operate',
  'egress.remove': 'platform:operate',
  'tenant.create': 'platform:operate',
  'tenant.list': 'platform:operate',
  'client.create': 'clients:write',
  'client.list': 'clients:write',
  'client.revoke': 'clients:write',
  'person.create': 'clients:write',
  'person.list': 'clients:write',
  'person.link': 'clients:write',
  'person.disable': 'clients:write',
  'client.sign-in': 'clients:write',
  'key.list': 'platform:operate',
  'key.rotate': 'platform:operate',
  'key.drop': 'platform:operate',
  'client-secret.add': 'clients:write',
  'client-secret.list': 'clients:write',
  'client-secret.revoke': 'clients:write',
  'client-authority.add': 'clients:write',
  'client-authority.list': 'clients:write',
  'client-authority.remove': 'clients:write',
  'limit.list': 'a2a:read',
  'limit.change': 'limits:write',
  'delegation.read': 'a2a:read',
  'delegation.change': 'limits:write',
  'sla.read': 'a2a:read',
  'sla.change': 'limits:write',
  'tenant-limit.change': 'platform:operate',
  'result-terms.list': 'a2a:read',
  'result-terms.change': 'agents:approve',
  'result.purge': 'agents:write',
  'api-key.create': 'clients:write',
  'api-key.list': 'clients:write',
  'api-key.revoke': 'clients:write',
  'issuer.register': 'clients:write',
  'issuer.list': 'clients:write',
  'issuer.change': 'clients:write',
  'issuer.remove': 'clients:write',
  'instance.register': 'agents:write',
  'instance.serve': 'agents:serve',
  'instance.list': 'agents:write',
  'instance.change': 'agents:write',
  'instance.quarantine': 'agents:approve',
  'agent.health': 'a2a:read',
  'probe.read': 'agents:write',
  'probe.change': 'agents:write',
  'agent.stop': 'stops:write',
  'agent.resume': 'stops:write',
  'principal.stop': 'stops:write',
  'principal.resume': 'stops:write',
  'tenant.stop': 'platform:operate',
  'tenant.resume': 'platform:operate',
  'stop.list': 'stops:write',
  'grant.create': 'grants:write',
  'grant.list': 'grants:write',
  'grant.remove': 'grants:write',
};

const operatorOnly: readonly string[] = [
  'credits.grant',
  'tenant.create',
  'tenant.list',
  'tenant-limit.change',
  'key.list',
  'listener-certificate.list',
  'key.rotate',
  'key.drop',
  'secret.read-keys',
  'secret.rotate',
  'egress.list',
  'egress.allow',
  'egress.remove',
  'tenant.stop',
  'tenant.resume',
];

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
  it('has a policy for every operation, and a line in this test for each', () => {
    assert.deepEqual([...operations].sort(), Object.keys(needed).sort());
    for (const operation of operations) assert.equal(policyOf(operation)?.scope, needed[operation], operation);
  });

  for (const operation of operations) {
    it(`${operation}: exactly the scope ${needed[operation]} opens it`, () => {
      for (const scope of scopes) {
        const opens = scope === needed[operation] && !operatorOnly.includes(operation);
        assert.equal(verdict(subject('oauth-client', [scope]), operation), opens ? 'allowed' : 'access.scope-missing');
      }
      const others = scopes.filter((scope) => scope !== needed[operation]);
      assert.equal(verdict(subject('oauth-client', others), operation), 'access.scope-missing');
      assert.equal(verdict(subject('operator', others), operation), 'access.scope-missing');
      assert.equal(verdict(subject('oauth-client', []), operation), 'access.scope-missing');
    });

    it(`${operation}: another tenant looks like nothing at all, and only an operator sees it`, () => {
      const expected = /^(?:task|push|call)\.(?!inspect)|^card\.read$/.test(operation);
      const missing = expected ? 'registry.agent-unknown' : 'tenancy.tenant-unknown';
      const client = verdict(subject('oauth-client', scopes), operation, 'other');
      assert.equal(client, operatorOnly.includes(operation) ? 'access.scope-missing' : missing);
      assert.equal(
        verdict(subject('operator', [needed[operation], 'platform:operate']), operation, 'other'),
        'allowed',
      );
      if (needed[operation] !== 'platform:operate') {
        assert.equal(verdict(subject('operator', [needed[operation]]), operation, 'other'), missing);
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
