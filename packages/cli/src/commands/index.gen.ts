// Written by `npm run generate` from the other files of this folder. Do not edit.
import type { Command } from '../command.ts';
import type { Nouns } from '../noun.ts';
import { agentCommands, agentNouns } from './agent.ts';
import { alertCommands, alertNouns } from './alert.ts';
import { apiKeyCommands, apiKeyNouns } from './api-key.ts';
import { auditCommands, auditNouns } from './audit.ts';
import { budgetCommands, budgetNouns } from './budget.ts';
import { cacheCommands, cacheNouns } from './cache.ts';
import { cardCommands, cardNouns } from './card.ts';
import { certificateCommands, certificateNouns } from './certificate.ts';
import { clientCommands, clientNouns } from './client.ts';
import { creditsCommands, creditsNouns } from './credits.ts';
import { deadLetterCommands, deadLetterNouns } from './dead-letter.ts';
import { delegationCommands, delegationNouns } from './delegation.ts';
import { deliveryCommands, deliveryNouns } from './delivery.ts';
import { doctorCommands, doctorNouns } from './doctor.ts';
import { egressCommands, egressNouns } from './egress.ts';
import { eventSinkCommands, eventSinkNouns } from './event-sink.ts';
import { grantCommands, grantNouns } from './grant.ts';
import { initCommands, initNouns } from './init.ts';
import { instanceCommands, instanceNouns } from './instance.ts';
import { issuerCommands, issuerNouns } from './issuer.ts';
import { keyCommands, keyNouns } from './key.ts';
import { limitCommands, limitNouns } from './limit.ts';
import { personCommands, personNouns } from './person.ts';
import { priceCommands, priceNouns } from './price.ts';
import { resilienceCommands, resilienceNouns } from './resilience.ts';
import { routingCommands, routingNouns } from './routing.ts';
import { secretCommands, secretNouns } from './secret.ts';
import { sendCommands, sendNouns } from './send.ts';
import { slaCommands, slaNouns } from './sla.ts';
import { suspendCommands, suspendNouns } from './suspend.ts';
import { taskCommands, taskNouns } from './task.ts';
import { tenantCommands, tenantNouns } from './tenant.ts';
import { tokenCommands, tokenNouns } from './token.ts';
import { upCommands, upNouns } from './up.ts';
import { usageCommands, usageNouns } from './usage.ts';

/** Every command but `completion`. */
export const commands: readonly Command[] = [
  ...agentCommands,
  ...alertCommands,
  ...apiKeyCommands,
  ...auditCommands,
  ...budgetCommands,
  ...cacheCommands,
  ...cardCommands,
  ...certificateCommands,
  ...clientCommands,
  ...creditsCommands,
  ...deadLetterCommands,
  ...delegationCommands,
  ...deliveryCommands,
  ...doctorCommands,
  ...egressCommands,
  ...eventSinkCommands,
  ...grantCommands,
  ...initCommands,
  ...instanceCommands,
  ...issuerCommands,
  ...keyCommands,
  ...limitCommands,
  ...personCommands,
  ...priceCommands,
  ...resilienceCommands,
  ...routingCommands,
  ...secretCommands,
  ...sendCommands,
  ...slaCommands,
  ...suspendCommands,
  ...taskCommands,
  ...tenantCommands,
  ...tokenCommands,
  ...upCommands,
  ...usageCommands,
];

/** What the help says of each noun and each one-word command. */
export const nouns: Nouns = {
  ...agentNouns,
  ...alertNouns,
  ...apiKeyNouns,
  ...auditNouns,
  ...budgetNouns,
  ...cacheNouns,
  ...cardNouns,
  ...certificateNouns,
  ...clientNouns,
  ...creditsNouns,
  ...deadLetterNouns,
  ...delegationNouns,
  ...deliveryNouns,
  ...doctorNouns,
  ...egressNouns,
  ...eventSinkNouns,
  ...grantNouns,
  ...initNouns,
  ...instanceNouns,
  ...issuerNouns,
  ...keyNouns,
  ...limitNouns,
  ...personNouns,
  ...priceNouns,
  ...resilienceNouns,
  ...routingNouns,
  ...secretNouns,
  ...sendNouns,
  ...slaNouns,
  ...suspendNouns,
  ...taskNouns,
  ...tenantNouns,
  ...tokenNouns,
  ...upNouns,
  ...usageNouns,
};
