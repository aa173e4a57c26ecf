import type { Command } from '../command.ts';
import { agentApprove, agentReject, agentRollback } from './agent-decide.ts';
import { agentDeregister } from './agent-deregister.ts';
import { agentHealth } from './agent-health.ts';
import { agentProbe } from './agent-probe.ts';
import { instanceAdd } from './instance-add.ts';
import { instanceDrain, instanceQuarantine } from './instance-admission.ts';
import { instanceChange } from './instance-change.ts';
import { instanceList } from './instance-list.ts';
import { instanceRemove } from './instance-remove.ts';
import { instanceShow } from './instance-show.ts';
import { agentDiff } from './agent-diff.ts';
import { agentList } from './agent-list.ts';
import { agentRegister } from './agent-register.ts';
import { agentSearch } from './agent-search.ts';
import { agentSkills } from './agent-skills.ts';
import { agentShow } from './agent-show.ts';
import { agentUpdate } from './agent-update.ts';
import { agentVersions } from './agent-versions.ts';
import { apiKeyCreate } from './api-key-create.ts';
import { apiKeyList } from './api-key-list.ts';
import { apiKeyRevoke } from './api-key-revoke.ts';
import { auditCheckpoints } from './audit-checkpoints.ts';
import { auditErase } from './audit-erase.ts';
import { auditExport } from './audit-export.ts';
import { auditKey } from './audit-key.ts';
import { auditPrune } from './audit-prune.ts';
import { auditRetention } from './audit-retention.ts';
import { delegationDepth } from './delegation-depth.ts';
import { slaObjectives, slaSet, slaUnset } from './sla-objectives.ts';
import { slaReport } from './sla-report.ts';
import { auditSearch } from './audit-search.ts';
import { auditTail } from './audit-tail.ts';
import { auditVerify } from './audit-verify.ts';
import { cardKeyAdd } from './card-key-add.ts';
import { cardKeyList } from './card-key-list.ts';
import { cardKeyRevoke } from './card-key-revoke.ts';
import { cardPolicy } from './card-policy.ts';
import { clientAuthorityAdd, clientAuthorityList, clientAuthorityRemove } from './client-authority.ts';
import { certificateCheck } from './certificate-check.ts';
import { certificateList } from './certificate-list.ts';
import { routingReset, routingSet, routingShow } from './routing.ts';
import { certificatePin } from './certificate-pin.ts';
import { clientCreate } from './client-create.ts';
import { clientList } from './client-list.ts';
import { clientRevoke } from './client-revoke.ts';
import { clientSecretAdd, clientSecretList, clientSecretRevoke } from './client-secret.ts';
import { creditsBalance } from './credits-balance.ts';
import { creditsGrant } from './credits-grant.ts';
import { deadLetterList } from './dead-letter-list.ts';
import { deadLetterReplay } from './dead-letter-replay.ts';
import { deliveryList } from './delivery-list.ts';
import { deliveryReplay } from './delivery-replay.ts';
import { deliveryRotateSecret } from './delivery-rotate-secret.ts';
import { deliverySecret } from './delivery-secret.ts';
import { doctor } from './doctor.ts';
import { egressAllow } from './egress-allow.ts';
import { egressList } from './egress-list.ts';
import { egressRemove } from './egress-remove.ts';
import { grantAdd } from './grant-add.ts';
import { grantList } from './grant-list.ts';
import { grantRemove } from './grant-remove.ts';
import { resume, stop } from './stop.ts';
import { init } from './init.ts';
import { keyDrop } from './key-drop.ts';
import { keyList } from './key-list.ts';
import { keyRotate } from './key-rotate.ts';
import { secretRotate } from './secret-rotate.ts';
import { secretStatus } from './secret-status.ts';
import { issuerAdd } from './issuer-add.ts';
import { issuerChange } from './issuer-change.ts';
import { issuerList } from './issuer-list.ts';
import { issuerRemove } from './issuer-remove.ts';
import { limitList } from './limit-list.ts';
import { limitSet } from './limit-set.ts';
import { limitUnset } from './limit-unset.ts';
import { resilienceList } from './resilience-list.ts';
import { resilienceSet } from './resilience-set.ts';
import { resilienceUnset } from './resilience-unset.ts';
import { resultPurge, resultSet, resultTerms, resultUnset } from './result-terms.ts';
import { clientSignIn } from './client-sign-in.ts';
import { personDisable, personEnable } from './person-access.ts';
import { personCreate } from './person-create.ts';
import { personLink } from './person-link.ts';
import { personList } from './person-list.ts';
import { ask, send } from './send.ts';
import { taskCancel } from './task-cancel.ts';
import { taskInspect, taskShow } from './task-show.ts';
import { taskWatch } from './task-watch.ts';
import { tenantCreate } from './tenant-create.ts';
import { tenantList } from './tenant-list.ts';
import { token } from './token.ts';
import { up } from './up.ts';

/** Everything that can be typed, in the order of the help. */
export const commands: readonly Command[] = [
  up,
  init,
  doctor,
  token,
  tenantCreate,
  tenantList,
  clientCreate,
  clientList,
  clientRevoke,
  clientSignIn,
  clientSecretAdd,
  clientSecretList,
  clientSecretRevoke,
  clientAuthorityAdd,
  clientAuthorityList,
  clientAuthorityRemove,
  personCreate,
  personList,
  personLink,
  personDisable,
  personEnable,
  keyList,
  keyRotate,
  keyDrop,
  apiKeyCreate,
  apiKeyList,
  apiKeyRevoke,
  issuerAdd,
  issuerList,
  issuerChange,
  issuerRemove,
  limitSet,
  limitList,
  limitUnset,
  resilienceSet,
  resilienceList,
  resilienceUnset,
  resultSet,
  resultTerms,
  resultUnset,
  resultPurge,
  agentRegister,
  agentList,
  agentSearch,
  agentShow,
  agentSkills,
  agentVersions,
  agentUpdate,
  agentDiff,
  agentApprove,
  agentReject,
  agentRollback,
  agentDeregister,
  agentHealth,
  agentProbe,
  instanceAdd,
  instanceList,
  instanceShow,
  instanceChange,
  instanceDrain,
  instanceQuarantine,
  instanceRemove,
  cardKeyAdd,
  cardKeyList,
  cardKeyRevoke,
  cardPolicy,
  grantAdd,
  grantList,
  grantRemove,
  stop,
  resume,
  certificateList,
  certificateCheck,
  certificatePin,
  routingShow,
  routingSet,
  routingReset,
  send,
  ask,
  taskShow,
  taskInspect,
  taskWatch,
  taskCancel,
  deadLetterList,
  deadLetterReplay,
  deliveryList,
  deliveryReplay,
  deliverySecret,
  deliveryRotateSecret,
  creditsBalance,
  creditsGrant,
  delegationDepth,
  slaReport,
  slaObjectives,
  slaSet,
  slaUnset,
  secretStatus,
  secretRotate,
  egressList,
  egressAllow,
  egressRemove,
  auditTail,
  auditSearch,
  auditExport,
  auditVerify,
  auditCheckpoints,
  auditKey,
  auditErase,
  auditRetention,
  auditPrune,
];
