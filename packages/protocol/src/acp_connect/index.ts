/** The codec of ACP-Connect: requests and errors. */
export { decodeConfigRequest, decodeInvokeRequest } from './requests.ts';
export type { ConfigRequest, InvokeRequest } from './requests.ts';
export { acpConnectErrorByName, acpConnectErrors, encodeError, errorMessageOf, invalidInputDetails } from './errors.ts';
export type { AcpConnectErrorCode } from './errors.ts';
