import type { Command } from '../command.ts';
import { agentCommands } from './agent.ts';
import { apiKeyCommands } from './api-key.ts';
import { auditCommands } from './audit.ts';
import { cardCommands } from './card.ts';
import { certificateCommands } from './certificate.ts';
import { clientCommands } from './client.ts';
import { creditsCommands } from './credits.ts';
import { deadLetterCommands } from './dead-letter.ts';
import { delegationCommands } from './delegation.ts';
import { deliveryCommands } from './delivery.ts';
import { doctor } from './doctor.ts';
import { egressCommands } from './egress.ts';
import { grantCommands } from './grant.ts';
import { init } from './init.ts';
import { instanceCommands } from './instance.ts';
import { issuerCommands } from './issuer.ts';
import { keyCommands } from './key.ts';
import { limitCommands } from './limit.ts';
import { personCommands } from './person.ts';
import { resilienceCommands } from './resilience.ts';
import { resultCommands } from './result.ts';
import { routingCommands } from './routing.ts';
import { secretCommands } from './secret.ts';
import { sendCommands } from './send.ts';
import { slaCommands } from './sla.ts';
import { stopCommands } from './stop.ts';
import { taskCommands } from './task.ts';
import { tenantCommands } from './tenant.ts';
import { token } from './token.ts';
import { up } from './up.ts';

/** Every command, in the order of the help. */
export const commands: readonly Command[] = [
  up,
  init,
  doctor,
  token,
  ...tenantCommands,
  ...clientCommands,
  ...personCommands,
  ...keyCommands,
  ...apiKeyCommands,
  ...issuerCommands,
  ...limitCommands,
  ...resilienceCommands,
  ...resultCommands,
  ...agentCommands,
  ...instanceCommands,
  ...cardCommands,
  ...grantCommands,
  ...stopCommands,
  ...certificateCommands,
  ...routingCommands,
  ...sendCommands,
  ...taskCommands,
  ...deadLetterCommands,
  ...deliveryCommands,
  ...creditsCommands,
  ...delegationCommands,
  ...slaCommands,
  ...secretCommands,
  ...egressCommands,
  ...auditCommands,
];
