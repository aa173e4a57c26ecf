import {
  addClientAuthority,
  addClientSecret,
  assignRole,
  createClient,
  createKeyClient,
  dropSigningKey,
  liftStop,
  listClientAuthorities,
  listClientSecrets,
  listClients,
  listGrants,
  listSigningKeys,
  listStops,
  removeClientAuthority,
  removeGrant,
  revokeClient,
  revokeClientSecret,
  rotateSigningKey,
  setStop,
} from '../../modules/access/index.ts';
import {
  listDeliveries,
  replayDelivery,
  rotateSigningSecret,
  showSigningSecret,
} from '../../modules/deliveries/index.ts';
import {
  eraseSubject,
  exportAudit,
  listAuditCheckpoints,
  listAuditEntries,
  proveConsistency,
  proveInclusion,
  pruneEntries,
  readRetention,
  searchAudit,
  setRetention,
} from '../../modules/audit/index.ts';
import {
  admitInstance,
  changeInstance,
  changeProbePolicy,
  getInstance,
  leaveInstance,
  listInstanceEvents,
  listInstances,
  readAgentHealth,
  readProbePolicy,
  registerInstance,
  removeInstance,
  renewInstance,
  serveInstance,
} from '../../modules/instances/index.ts';
import { allowEgress, listAllowances, removeAllowance } from '../../modules/egress/index.ts';
import { listLimits, setLimit, unsetLimit } from '../../modules/limits/index.ts';
import { listResultTerms, purgeResults, setResultTerms, unsetResultTerms } from '../../modules/results/index.ts';
import { createApiKey, listApiKeys, revokeApiKey } from '../../modules/api-keys/index.ts';
import { changeIssuer, listIssuers, registerIssuer, removeIssuer } from '../../modules/federation/index.ts';
import { grantCredits, listLedgerEntries, readBalance } from '../../modules/metering/index.ts';
import {
  checkCertificate,
  compareCards,
  decideCard,
  deregisterAgent,
  getAgent,
  listAgents,
  listCertificates,
  listCardVersions,
  listSkills,
  pinKeys,
  readOriginalCard,
  registerAgent,
  searchAgents,
  rollBackCard,
  updateCard,
} from '../../modules/registry/index.ts';
import { listPolicies, setPolicy, unsetPolicy } from '../../modules/resilience/index.ts';
import { changeRouting, readRouting } from '../../modules/routing/index.ts';
import { rotateSecrets, showSecretKeys } from '../../modules/secrets/index.ts';
import {
  createPasswordLink,
  createPerson,
  disablePerson,
  listPeople,
  setSignInClient,
} from '../../modules/people/index.ts';
import { inspectTask, readDelegationDepth, setDelegationDepth } from '../../modules/tasks/index.ts';
import { listObjectives, readSlaReport, setObjective, unsetObjective } from '../../modules/sla/index.ts';
import { createTenant, listTenants } from '../../modules/tenancy/index.ts';
import {
  addCardKey,
  changeCardPolicy,
  listCardKeys,
  readCardPolicy,
  revokeCardKey,
} from '../../modules/trust/index.ts';

type PortsOf<UseCase extends (ports: never) => unknown> = Parameters<UseCase>[0];

/** A certificate that this process shows to its callers. */
export interface ListenerCertificate {
  readonly listener: 'http' | 'grpc';
  readonly subject: string;
  readonly issuer: string;
  /** The names that it is for. */
  readonly names: string;
  readonly notBefore: Date;
  readonly notAfter: Date;
  /** SHA-256 of its public key, base64. */
  readonly keyPin: string;
}

/** The public half of what signs checkpoints of audit chains (RFC 8037). */
interface CheckpointJwk {
  readonly kty: 'OKP';
  readonly crv: 'Ed25519';
  readonly x: string;
  readonly kid: string;
  readonly alg: 'EdDSA';
  readonly use: 'sig';
}

/** Everything that the use cases behind this API need. */
export type AdminPorts = { readonly listenerCertificates: () => readonly ListenerCertificate[] } & PortsOf<
  typeof checkCertificate
> &
  PortsOf<typeof pinKeys> &
  PortsOf<typeof changeRouting> &
  PortsOf<typeof createTenant> &
  PortsOf<typeof createClient> &
  PortsOf<typeof dropSigningKey> &
  PortsOf<typeof createPerson> &
  PortsOf<typeof createKeyClient> &
  PortsOf<typeof addClientSecret> &
  PortsOf<typeof addClientAuthority> &
  PortsOf<typeof createApiKey> &
  PortsOf<typeof listApiKeys> &
  PortsOf<typeof revokeApiKey> &
  PortsOf<typeof registerIssuer> &
  PortsOf<typeof listIssuers> &
  PortsOf<typeof changeIssuer> &
  PortsOf<typeof removeIssuer> &
  PortsOf<typeof assignRole> &
  PortsOf<typeof setStop> &
  PortsOf<typeof grantCredits> &
  PortsOf<typeof setLimit> &
  PortsOf<typeof setPolicy> &
  PortsOf<typeof setResultTerms> &
  PortsOf<typeof registerAgent> &
  PortsOf<typeof searchAgents> &
  PortsOf<typeof updateCard> &
  PortsOf<typeof decideCard> &
  PortsOf<typeof registerInstance> &
  PortsOf<typeof renewInstance> &
  PortsOf<typeof changeProbePolicy> &
  PortsOf<typeof addCardKey> &
  PortsOf<typeof listAuditEntries> &
  PortsOf<typeof proveInclusion> &
  PortsOf<typeof pruneEntries> &
  PortsOf<typeof eraseSubject> & { readonly auditKey: CheckpointJwk } & PortsOf<typeof inspectTask> &
  PortsOf<typeof setDelegationDepth> &
  PortsOf<typeof setObjective> &
  PortsOf<typeof listObjectives> &
  PortsOf<typeof readSlaReport> &
  PortsOf<typeof replayDelivery> &
  PortsOf<typeof showSigningSecret> &
  PortsOf<typeof allowEgress> &
  PortsOf<typeof rotateSecrets>;

/** What the endpoints can do. */
export interface AdminUseCases {
  readonly createTenant: ReturnType<typeof createTenant>;
  readonly listTenants: ReturnType<typeof listTenants>;
  readonly createClient: ReturnType<typeof createClient>;
  readonly createKeyClient: ReturnType<typeof createKeyClient>;
  readonly addClientSecret: ReturnType<typeof addClientSecret>;
  readonly listClientSecrets: ReturnType<typeof listClientSecrets>;
  readonly revokeClientSecret: ReturnType<typeof revokeClientSecret>;
  readonly addClientAuthority: ReturnType<typeof addClientAuthority>;
  readonly listClientAuthorities: ReturnType<typeof listClientAuthorities>;
  readonly removeClientAuthority: ReturnType<typeof removeClientAuthority>;
  readonly listClients: ReturnType<typeof listClients>;
  readonly revokeClient: ReturnType<typeof revokeClient>;
  readonly createPerson: ReturnType<typeof createPerson>;
  readonly listPeople: ReturnType<typeof listPeople>;
  readonly createPasswordLink: ReturnType<typeof createPasswordLink>;
  readonly disablePerson: ReturnType<typeof disablePerson>;
  readonly setSignInClient: ReturnType<typeof setSignInClient>;
  readonly listSigningKeys: ReturnType<typeof listSigningKeys>;
  readonly rotateSigningKey: ReturnType<typeof rotateSigningKey>;
  readonly dropSigningKey: ReturnType<typeof dropSigningKey>;
  readonly createApiKey: ReturnType<typeof createApiKey>;
  readonly listApiKeys: ReturnType<typeof listApiKeys>;
  readonly revokeApiKey: ReturnType<typeof revokeApiKey>;
  readonly registerIssuer: ReturnType<typeof registerIssuer>;
  readonly listIssuers: ReturnType<typeof listIssuers>;
  readonly changeIssuer: ReturnType<typeof changeIssuer>;
  readonly removeIssuer: ReturnType<typeof removeIssuer>;
  readonly assignRole: ReturnType<typeof assignRole>;
  readonly listGrants: ReturnType<typeof listGrants>;
  readonly removeGrant: ReturnType<typeof removeGrant>;
  readonly setStop: ReturnType<typeof setStop>;
  readonly liftStop: ReturnType<typeof liftStop>;
  readonly listStops: ReturnType<typeof listStops>;
  readonly grantCredits: ReturnType<typeof grantCredits>;
  readonly readBalance: ReturnType<typeof readBalance>;
  readonly listLedgerEntries: ReturnType<typeof listLedgerEntries>;
  readonly setLimit: ReturnType<typeof setLimit>;
  readonly unsetLimit: ReturnType<typeof unsetLimit>;
  readonly listLimits: ReturnType<typeof listLimits>;
  readonly listPolicies: ReturnType<typeof listPolicies>;
  readonly setPolicy: ReturnType<typeof setPolicy>;
  readonly unsetPolicy: ReturnType<typeof unsetPolicy>;
  readonly setResultTerms: ReturnType<typeof setResultTerms>;
  readonly unsetResultTerms: ReturnType<typeof unsetResultTerms>;
  readonly listResultTerms: ReturnType<typeof listResultTerms>;
  readonly purgeResults: ReturnType<typeof purgeResults>;
  readonly registerAgent: ReturnType<typeof registerAgent>;
  readonly listAgents: ReturnType<typeof listAgents>;
  readonly searchAgents: ReturnType<typeof searchAgents>;
  readonly listSkills: ReturnType<typeof listSkills>;
  readonly getAgent: ReturnType<typeof getAgent>;
  readonly deregisterAgent: ReturnType<typeof deregisterAgent>;
  readonly updateCard: ReturnType<typeof updateCard>;
  readonly readOriginalCard: ReturnType<typeof readOriginalCard>;
  readonly listCardVersions: ReturnType<typeof listCardVersions>;
  readonly compareCards: ReturnType<typeof compareCards>;
  readonly decideCard: ReturnType<typeof decideCard>;
  readonly rollBackCard: ReturnType<typeof rollBackCard>;
  readonly registerInstance: ReturnType<typeof registerInstance>;
  readonly serveInstance: ReturnType<typeof serveInstance>;
  readonly renewInstance: ReturnType<typeof renewInstance>;
  readonly leaveInstance: ReturnType<typeof leaveInstance>;
  readonly listInstances: ReturnType<typeof listInstances>;
  readonly getInstance: ReturnType<typeof getInstance>;
  readonly changeInstance: ReturnType<typeof changeInstance>;
  readonly admitInstance: ReturnType<typeof admitInstance>;
  readonly removeInstance: ReturnType<typeof removeInstance>;
  readonly listInstanceEvents: ReturnType<typeof listInstanceEvents>;
  readonly readAgentHealth: ReturnType<typeof readAgentHealth>;
  readonly readProbePolicy: ReturnType<typeof readProbePolicy>;
  readonly changeProbePolicy: ReturnType<typeof changeProbePolicy>;
  readonly addCardKey: ReturnType<typeof addCardKey>;
  readonly listCardKeys: ReturnType<typeof listCardKeys>;
  readonly revokeCardKey: ReturnType<typeof revokeCardKey>;
  readonly readCardPolicy: ReturnType<typeof readCardPolicy>;
  readonly changeCardPolicy: ReturnType<typeof changeCardPolicy>;
  readonly listCertificates: ReturnType<typeof listCertificates>;
  readonly checkCertificate: ReturnType<typeof checkCertificate>;
  readonly pinKeys: ReturnType<typeof pinKeys>;
  readonly readRouting: ReturnType<typeof readRouting>;
  readonly changeRouting: ReturnType<typeof changeRouting>;
  readonly listListenerCertificates: () => readonly ListenerCertificate[];
  readonly listAuditEntries: ReturnType<typeof listAuditEntries>;
  readonly eraseSubject: ReturnType<typeof eraseSubject>;
  readonly searchAudit: ReturnType<typeof searchAudit>;
  readonly exportAudit: ReturnType<typeof exportAudit>;
  readonly listAuditCheckpoints: ReturnType<typeof listAuditCheckpoints>;
  readonly proveInclusion: ReturnType<typeof proveInclusion>;
  readonly proveConsistency: ReturnType<typeof proveConsistency>;
  readonly auditKey: CheckpointJwk;
  readonly readRetention: ReturnType<typeof readRetention>;
  readonly setRetention: ReturnType<typeof setRetention>;
  readonly pruneEntries: ReturnType<typeof pruneEntries>;
  readonly inspectTask: ReturnType<typeof inspectTask>;
  readonly readDelegationDepth: ReturnType<typeof readDelegationDepth>;
  readonly setDelegationDepth: ReturnType<typeof setDelegationDepth>;
  readonly setObjective: ReturnType<typeof setObjective>;
  readonly unsetObjective: ReturnType<typeof unsetObjective>;
  readonly listObjectives: ReturnType<typeof listObjectives>;
  readonly readSlaReport: ReturnType<typeof readSlaReport>;
  readonly listDeliveries: ReturnType<typeof listDeliveries>;
  readonly replayDelivery: ReturnType<typeof replayDelivery>;
  readonly rotateSigningSecret: ReturnType<typeof rotateSigningSecret>;
  readonly showSigningSecret: ReturnType<typeof showSigningSecret>;
  readonly showSecretKeys: ReturnType<typeof showSecretKeys>;
  readonly rotateSecrets: ReturnType<typeof rotateSecrets>;
  readonly listAllowances: ReturnType<typeof listAllowances>;
  readonly allowEgress: ReturnType<typeof allowEgress>;
  readonly removeAllowance: ReturnType<typeof removeAllowance>;
}

export function adminUseCases(ports: AdminPorts): AdminUseCases {
  return {
    createTenant: createTenant(ports),
    listTenants: listTenants(ports),
    createClient: createClient(ports),
    createKeyClient: createKeyClient(ports),
    addClientSecret: addClientSecret(ports),
    listClientSecrets: listClientSecrets(ports),
    revokeClientSecret: revokeClientSecret(ports),
    addClientAuthority: addClientAuthority(ports),
    listClientAuthorities: listClientAuthorities(ports),
    removeClientAuthority: removeClientAuthority(ports),
    listClients: listClients(ports),
    revokeClient: revokeClient(ports),
    ...signInUseCases(ports),
    createApiKey: createApiKey(ports),
    listApiKeys: listApiKeys(ports),
    revokeApiKey: revokeApiKey(ports),
    registerIssuer: registerIssuer(ports),
    listIssuers: listIssuers(ports),
    changeIssuer: changeIssuer(ports),
    removeIssuer: removeIssuer(ports),
    assignRole: assignRole(ports),
    listGrants: listGrants(ports),
    removeGrant: removeGrant(ports),
    setStop: setStop(ports),
    liftStop: liftStop(ports),
    listStops: listStops(ports),
    grantCredits: grantCredits(ports),
    readBalance: readBalance(ports),
    listLedgerEntries: listLedgerEntries(ports),
    listPolicies: listPolicies(ports),
    setPolicy: setPolicy(ports),
    unsetPolicy: unsetPolicy(ports),
    ...limitUseCases(ports),
    ...resultUseCases(ports),
    ...slaUseCases(ports),
    registerAgent: registerAgent(ports),
    listAgents: listAgents(ports),
    searchAgents: searchAgents(ports),
    listSkills: listSkills(ports),
    getAgent: getAgent(ports),
    deregisterAgent: deregisterAgent(ports),
    updateCard: updateCard(ports),
    readOriginalCard: readOriginalCard(ports),
    listCardVersions: listCardVersions(ports),
    compareCards: compareCards(ports),
    ...instanceUseCases(ports),
    addCardKey: addCardKey(ports),
    listCardKeys: listCardKeys(ports),
    revokeCardKey: revokeCardKey(ports),
    readCardPolicy: readCardPolicy(ports),
    changeCardPolicy: changeCardPolicy(ports),
    ...certificateUseCases(ports),
    readRouting: readRouting(ports),
    changeRouting: changeRouting(ports),
    listAuditEntries: listAuditEntries(ports),
    ...chainUseCases(ports),
    inspectTask: inspectTask(ports),
    listDeliveries: listDeliveries(ports),
    replayDelivery: replayDelivery(ports),
    rotateSigningSecret: rotateSigningSecret(ports),
    showSigningSecret: showSigningSecret(ports),
    showSecretKeys: showSecretKeys(ports),
    rotateSecrets: rotateSecrets(ports),
    listAllowances: listAllowances(ports),
    allowEgress: allowEgress(ports),
    removeAllowance: removeAllowance(ports),
  };
}

/** Which card agents run by, where, and how well. */
function instanceUseCases(ports: AdminPorts) {
  return {
    decideCard: decideCard(ports),
    rollBackCard: rollBackCard(ports),
    registerInstance: registerInstance(ports),
    serveInstance: serveInstance(ports),
    renewInstance: renewInstance(ports),
    leaveInstance: leaveInstance(ports),
    listInstances: listInstances(ports),
    getInstance: getInstance(ports),
    changeInstance: changeInstance(ports),
    admitInstance: admitInstance(ports),
    removeInstance: removeInstance(ports),
    listInstanceEvents: listInstanceEvents(ports),
    readAgentHealth: readAgentHealth(ports),
    readProbePolicy: readProbePolicy(ports),
    changeProbePolicy: changeProbePolicy(ports),
  };
}

/** How fast and how much. */
function limitUseCases(ports: PortsOf<typeof setLimit>) {
  return { setLimit: setLimit(ports), unsetLimit: unsetLimit(ports), listLimits: listLimits(ports) };
}

/** Whom results of skills are given to. */
function resultUseCases(ports: PortsOf<typeof setResultTerms>) {
  return {
    setResultTerms: setResultTerms(ports),
    unsetResultTerms: unsetResultTerms(ports),
    listResultTerms: listResultTerms(ports),
    purgeResults: purgeResults(ports),
  };
}

/** What is promised of agents, and how it is kept. */
function slaUseCases(
  ports: PortsOf<typeof setObjective> & PortsOf<typeof listObjectives> & PortsOf<typeof readSlaReport>,
) {
  return {
    setObjective: setObjective(ports),
    unsetObjective: unsetObjective(ports),
    listObjectives: listObjectives(ports),
    readSlaReport: readSlaReport(ports),
  };
}

type CertificateUseCases = Pick<
  AdminUseCases,
  'listCertificates' | 'checkCertificate' | 'pinKeys' | 'listListenerCertificates'
>;

function certificateUseCases(ports: AdminPorts): CertificateUseCases {
  return {
    listCertificates: listCertificates(ports),
    checkCertificate: checkCertificate(ports),
    pinKeys: pinKeys(ports),
    listListenerCertificates: ports.listenerCertificates,
  };
}

/** Who signs in, and what our tokens are signed with. */
function signInUseCases(
  ports: PortsOf<typeof createPerson> & PortsOf<typeof setSignInClient> & PortsOf<typeof dropSigningKey>,
) {
  return {
    createPerson: createPerson(ports),
    listPeople: listPeople(ports),
    createPasswordLink: createPasswordLink(ports),
    disablePerson: disablePerson(ports),
    setSignInClient: setSignInClient(ports),
    listSigningKeys: listSigningKeys(ports),
    rotateSigningKey: rotateSigningKey(ports),
    dropSigningKey: dropSigningKey(ports),
  };
}

function chainUseCases(ports: AdminPorts) {
  return {
    eraseSubject: eraseSubject(ports),
    searchAudit: searchAudit(ports),
    exportAudit: exportAudit(ports),
    listAuditCheckpoints: listAuditCheckpoints(ports),
    proveInclusion: proveInclusion(ports),
    proveConsistency: proveConsistency(ports),
    auditKey: ports.auditKey,
    readRetention: readRetention(ports),
    setRetention: setRetention(ports),
    pruneEntries: pruneEntries(ports),
    readDelegationDepth: readDelegationDepth(ports),
    setDelegationDepth: setDelegationDepth(ports),
  };
}
