/**
 * What a tier needs, by its name: the test file or folder of that name in test/real/. A tier that is not named here needs nothing.
 * `alone`: it loads the machine or measures it, so nothing runs beside it.
 */
export const tiers = {
  install: { needs: ['an older Node'], alone: false },
  terminal: { needs: ['a terminal'], alone: false },
  'read-only': { needs: ['another user'], alone: false },
  full: { needs: ['mount'], alone: false },
  postgres: { needs: ['PostgreSQL'], alone: false },
  controllers: { needs: ['PostgreSQL', 'another host name'], alone: false },
  failpoints: { needs: [], alone: false },
  history: { needs: [], alone: false },
  'failpoints-postgres': { needs: ['PostgreSQL'], alone: false },
  prometheus: { needs: ['Prometheus'], alone: false },
  'prometheus-tls': { needs: ['Prometheus', 'openssl'], alone: false },
  'prometheus-signals': { needs: ['Prometheus'], alone: false },
  grpc: { needs: ['a gRPC server'], alone: false },
  disk: { needs: ['a C compiler', 'mount'], alone: false },
  clock: { needs: ['faketime'], alone: false },
  'host-killed': { needs: [], alone: false },
  suspended: { needs: [], alone: false },
  stalled: { needs: [], alone: false },
  busy: { needs: [], alone: false },
  durability: { needs: ['a C compiler'], alone: false },
  kubernetes: { needs: ['a Kubernetes control plane'], alone: false },
  'argo-rollouts': { needs: ['a Kubernetes control plane', 'the Argo Rollouts controller'], alone: false },
};
