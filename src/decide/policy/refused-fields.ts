/** Argo's fields that are not carried out here, each with what it would need. */
const cluster = 'it needs a cluster whose pods sofare places; copies are started as the service of sofare.yaml says';
const route = 'it needs a traffic path that routes by more than a share';

export const refusedInRollout: Readonly<Record<string, string>> = {
  paused: 'it needs a controller that reads the file again and again; use sofare hold',
  restartAt: 'it needs a controller that restarts pods by time',
  minReadySeconds: 'it needs a controller that counts readiness by time; readiness is waited for as the service says',
  analysis: 'it limits objects kept in a cluster; what was judged is kept in the journal',
};

/** Fields that describe the workload: where and how copies run is the service's to say. */
export const rolloutBeside = ['replicas', 'selector', 'template', 'workloadRef', 'revisionHistoryLimit'];
export const canaryBeside = ['canaryService', 'stableService', 'canaryMetadata', 'stableMetadata'];
export const blueGreenBeside = ['activeService', 'previewService', 'previewMetadata', 'activeMetadata'];

export const refusedInCanary: Readonly<Record<string, string>> = {
  trafficRouting: 'it needs the router of a cluster; traffic is routed as the service of sofare.yaml says',
  maxSurge: cluster,
  maxUnavailable: cluster,
  antiAffinity: cluster,
  minPodsPerReplicaSet: cluster,
  dynamicStableScale: cluster,
  pingPong: cluster,
  scaleDownDelaySeconds: 'it goes with trafficRouting; keep.warm of the service says how long copies are kept',
  scaleDownDelayRevisionLimit: cluster,
  replicaProgressThreshold: 'it needs a target that goes on with a part of its copies ready; all of them are waited for',
};

export const refusedSteps: Readonly<Record<string, string>> = {
  experiment: 'it needs a target that runs further versions without traffic',
  setHeaderRoute: `${route}: by header`,
  setMirrorRoute: `${route}: copies of requests`,
  plugin: 'it needs a step plugin of the Argo controller',
  replicaProgressThreshold: "it is a field of canary, not a step: Argo's own page shows it in the wrong place",
};

export const refusedInBlueGreen: Readonly<Record<string, string>> = {
  maxUnavailable: cluster,
  scaleDownDelayRevisionLimit: cluster,
  antiAffinity: cluster,
};
