import { limits } from './limits.ts';

/**
 * Counts the interim answers (HTTP 1xx, RFC 9110 section 15.2) to one request and throws above the limit. Otherwise only the time limit of
 * the request would bound them, and until then they would keep the process busy.
 */
export function interimAnswerCount(): () => void {
  let count = 0;
  return () => {
    count += 1;
    if (count > limits.upstreamInterimAnswersMax) throw new Error('The other end sends too many interim answers.');
  };
}
