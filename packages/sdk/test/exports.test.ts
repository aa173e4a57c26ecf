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

/** Every type of the client, in the order of the alphabet. */
const clientTypes = `
  AddedClientSecret AdminClient AgentSlaObjective TierSlaObjective AgentAdmin AgentCertificate AgentCertificates AgentClient AgentHealth
  AgentRegistration AgentRouting AgentSearch AgentSkill ApiKey ApiKeyAdmin
  AuditAdmin AuditCheckpointItem AuditDamage AuditEntry AuditEvidence AuditExportPage
  AuditFinding AuditKey AuditProof AuditPruning AuditRetention AuditSearchRequest
  AuditVerdict Backoff Cancelable CardAdmin CardChange CardDiff
  CardKeyAdmin CardPolicy CardPolicyAdmin CardSignature CardUpdate CardVersion
  CertificateAdmin CheckedCertificate ClientAdmin ClientAuthority ClientCredentials ClientSecret ClientSurroundings
  ColloquyClient ColloquyErrorFacts ComparedCards CreateClientOptions CreatedApiKey CreatedOAuthClient
  CreditBalance DeadLetter DeadLetterAdmin Delegation DelegationAdmin Delivery EgressAdmin EgressAllowance ErrorCode
  ErrorKind ExternalIssuer Fetch Grant GrantAdmin InspectedEvent
  InspectedTask Instance InstanceAdmin InstanceDependency InstanceEvent InstanceHealth
  InstanceLease InstancePlace InstanceReport InstanceTerms IssuedToken IssuerAdmin
  IssuerTerms KeyAdmin KeyCredentials LedgerEntry Limit LimitAdmin
  LimitSubject LimitTerms ListenerCertificate MessageInput NewApiKey NewClient
  NewKeyClient OAuthClient OriginalCard Page PageRequest PasswordLink
  PeopleAdmin Person PlatformErrorCode PlatformErrorRow ProbePolicy RegisteredAgent
  ReplayedDeadLetter ResilienceAdmin ResiliencePolicy ResilienceSubject ResilienceTerms ResultAdmin ResultSubject ResultTerms Retry RoleAssignment
  RoutingAdmin SdkErrorCode SealedAuditEntry SecretAdmin SecretKeyState SecretRotation
  SeenCertificate SendOptions SetResultTerms SetSlaObjective SignInClient SigningKeyState SkillRouting
  SlaAdmin SlaBudget SlaChange SlaObjective SlaObjectives SlaReport SlaSubject SlaVerdict Stop
  StopAdmin StopTarget StreamOptions TaskChain TaskStream Tenant
  TrustedCardKey UpdatedCard Violation
`
  .trim()
  .split(/\s+/);

describe('public exports', () => {
  it('of @colloquy/sdk/agent', () => {
    assert.deepEqual(Object.keys(agent).sort(), ['delegationHeaders', 'serveAgent', 'text']);
    const types = ['AgentHandler', 'AgentServer', 'AgentTask', 'ArtifactPiece', 'CardInput', 'Delegation'];
    const more = [
      'ForwardCaller',
      'ForwardTrust',
      'PresenceOptions',
      'ServeAgentOptions',
      'SkillInput',
      'TaskMemoryBounds',
    ];
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
    assert.deepEqual(namesIn('client'), [...clientTypes, ...values].sort());
  });
});
