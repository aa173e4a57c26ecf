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
  AdminClient Agent AgentCertificate AgentClient AgentHealth AgentRegistration AgentRouting AgentSearch
  ApiKey AuditCheckpoint AuditDamage AuditEntry AuditEvidence AuditFinding AuditKey AuditRetention
  AuditVerdict Backoff CachePolicy CallArguments Cancelable CardDiff CardPolicy CardSignature
  CardVersion CheckedCertificate ClientCredentials ClientSurroundings ColloquyClient ColloquyErrorFacts CostOption
  CreateClientOptions CreditBalance CsvOperationId DeadLetter Delegation Delivery ErrorCode ErrorKind ExternalIssuer
  Fetch InspectedTask Instance InstanceEvent InstanceHealth InstanceReport IssuedToken IssuerSettings
  KeyCredentials LedgerEntry LimitSettings ListMethod MessageInput NewClient OAuthClient
  OperationAnswer OperationArguments OperationId OperationMethod PageArguments Person PlatformErrorCode
  PlatformErrorRow ProbePolicy ResilienceSettings Retry SdkErrorCode SealedAuditEntry SecretKeyState
  SendOptions Skill SlaBudget SlaObjective SlaReport SlaVerdict StreamedEvent StreamOptions TaskCost TaskStream TaskSummary
  Tenant Violation
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
      'TaskUsage',
    ];
    assert.deepEqual(namesIn('agent'), [...types, ...more, 'delegationHeaders', 'serveAgent', 'text'].sort());
  });

  it('of @colloquy/sdk/client', () => {
    const values = [
      'ColloquyError',
      'auditHashes',
      'createAgentClient',
      'createClient',
      'items',
      'pages',
      'platformErrors',
      'taskCost',
      'verifyAudit',
    ];
    assert.deepEqual(Object.keys(client).sort(), values);
    assert.deepEqual(namesIn('client'), [...clientTypes, ...values].sort());
  });
});
