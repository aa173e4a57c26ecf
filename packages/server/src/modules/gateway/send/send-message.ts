import { trimTask } from '@colloquy/protocol';
import type { SendMessageRequest, SendMessageResponse } from '@colloquy/protocol';
import type { Caller } from '../../../kernel/caller.ts';
import { limits } from '../../../kernel/limits.ts';
import { awaitRest } from '../view/await-rest.ts';
import { acceptSend } from './accept-send.ts';
import type { SendOptions } from './send.ts';
import type { AgentAddress, GatewayPorts } from '../ports.ts';
import { readView } from '../view/read-view.ts';

/**
 * SendMessage (A2A 1.0 section 3.1.1). Answers with the task once it has ended or waits for its caller, or at once when the caller asks to
 * return immediately. Answers with the agent's message when the agent made no task.
 */
export function sendMessage(ports: GatewayPorts) {
  return async (
    caller: Caller,
    address: AgentAddress,
    request: SendMessageRequest,
    options: SendOptions,
  ): Promise<SendMessageResponse> => {
    const send = await acceptSend(ports, { caller, address, request, options });
    const historyLength = request.configuration?.historyLength;
    if (request.configuration?.returnImmediately === true) {
      const kept = send.run === null || send.run.isLean ? null : send.run.committed;
      const task =
        kept ??
        (await readView(ports.store, { tenantId: send.viewer.tenantId, taskId: send.taskId }, caller.held)).task;
      return { task: trimTask(task, { historyLength }) };
    }
    const view = await awaitRest(ports, caller, send, limits.blockingWaitMs);
    return view.reply === null ? { task: trimTask(view.task, { historyLength }) } : { message: view.reply };
  };
}
