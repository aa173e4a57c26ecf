export { registerOauth } from './oauth-endpoints.ts';
export type { OauthOptions } from './oauth-endpoints.ts';
