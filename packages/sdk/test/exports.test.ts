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
    assert.deepEqual(Object.keys(agent).sort(), ['delegationHeaders', 'serveAgent', 'text']);
    const types = ['AgentHandler', 'AgentServer', 'AgentTask', 'ArtifactPiece', 'CardInput', 'Delegation'];
    const more = ['ForwardCaller', 'ForwardTrust', 'ServeAgentOptions', 'SkillInput', 'TaskMemoryBounds'];
    assert.deepEqual(namesIn('agent'), [...types, ...more, 'delegationHeaders', 'serveAgent', 'text'].sort());
  });

  it('of @colloquy/sdk/client', () => {
    const values = [
      'ColloquyError',
      'auditHashes',
      'createAgentClient',
      'createClient',
      'platformErrors',
      'verifyAudit',
    ];
    assert.deepEqual(Object.keys(client).sort(), values);
    const calling = [
      'AgentClient',
      'Backoff',
      'Cancelable',
      'ClientCredentials',
      'ClientSurroundings',
      'ColloquyClient',
      'Delegation',
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
      'TaskChain',
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
    const people = ['PasswordLink', 'PeopleAdmin', 'Person', 'SignInClient'];
    const rights = ['Grant', 'GrantAdmin', 'RoleAssignment', 'Stop', 'StopAdmin', 'StopTarget'];
    const proofs = [
      'AddedClientSecret',
      'ClientAdmin',
      'ClientAuthority',
      'ClientSecret',
      'KeyCredentials',
      'NewClient',
    ];
    const identities = [
      'ApiKey',
      'ApiKeyAdmin',
      'CreatedApiKey',
      'ExternalIssuer',
      'IssuerAdmin',
      'IssuerTerms',
      'NewApiKey',
    ];
    const keys = ['KeyAdmin', 'NewKeyClient', 'SecretAdmin', 'SecretKeyState', 'SecretRotation', 'SigningKeyState'];
    const edges = [
      'AgentCertificate',
      'CertificateAdmin',
      'EgressAdmin',
      'EgressAllowance',
      'ListenerCertificate',
      'SeenCertificate',
    ];
    const bounds = ['Limit', 'LimitAdmin', 'LimitSubject', 'LimitTerms'];
    const audits = [
      'AuditAdmin',
      'AuditDamage',
      'AuditEvidence',
      'AuditFinding',
      'AuditVerdict',
      'AuditCheckpointItem',
      'AuditExportPage',
      'AuditKey',
      'AuditProof',
      'AuditSearchRequest',
      'SealedAuditEntry',
    ];
    const access = [...people, ...rights, ...proofs, ...identities, ...keys, ...edges, ...bounds, ...audits];
    const all = [
      ...access,
      ...cards,
      ...versions,
      ...values,
      ...calling,
      ...more,
      ...errors,
      ...kinds,
      ...admin,
      ...answers,
    ];
    assert.deepEqual(namesIn('client'), all.sort());
  });
});
