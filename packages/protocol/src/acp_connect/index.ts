/** The codec of ACP-Connect: requests, errors and streams. */
export { decodeConfigRequest, decodeInvokeRequest } from './requests.ts';
export type { ConfigRequest, InvokeRequest } from './requests.ts';
export { acpConnectErrorByName, acpConnectErrors, encodeError, errorMessageOf, invalidInputDetails } from './errors.ts';
export type { AcpConnectErrorCode } from './errors.ts';
export { decodeRunEvent, RunEventEncoder } from './stream.ts';
export type { PeerRunEvent, RunEvent } from './stream.ts';
