import type { OptionSpecs } from '../command-shape.ts';

/** Options that say where the platform is and who calls. */
export const connectionOptions: OptionSpecs = {
  url: { type: 'string', value: 'url', description: 'Address of the platform (COLLOQUY_URL)' },
  tenant: { type: 'string', value: 'tenant', description: 'Tenant to act in (COLLOQUY_TENANT)' },
  'client-id': { type: 'string', value: 'id', description: 'Client to act as (COLLOQUY_CLIENT_ID)' },
  'client-secret': { type: 'string', value: 'secret', description: 'Its secret (COLLOQUY_CLIENT_SECRET is safer)' },
  profile: {
    type: 'string',
    value: 'name',
    description: 'Profile to take the rest from (COLLOQUY_PROFILE; default "default")',
  },
};
