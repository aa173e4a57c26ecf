export { createGrpcServer } from './grpc-server.ts';
export type { GrpcServer, GrpcServerOptions, GrpcTls } from './grpc-server.ts';
