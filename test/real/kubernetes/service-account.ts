import type { Access, Api } from './api.ts';

/** One rule of RBAC, as a Role has it. */
export interface Rule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
  readonly resourceNames?: readonly string[];
}

/** Makes a service account that these rules allow something in its namespace and nothing elsewhere; gives the access of a token of it. */
export async function serviceAccount(admin: Api, namespace: string, name: string, rules: readonly Rule[]): Promise<Access> {
  const metadata = { name, namespace };
  const roles = `/apis/rbac.authorization.k8s.io/v1/namespaces/${namespace}`;
  const group = 'rbac.authorization.k8s.io';
  await admin.must('POST', `/api/v1/namespaces/${namespace}/serviceaccounts`, {
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata,
  });
  await admin.must('POST', `${roles}/roles`, { apiVersion: `${group}/v1`, kind: 'Role', metadata, rules });
  await admin.must('POST', `${roles}/rolebindings`, {
    apiVersion: `${group}/v1`,
    kind: 'RoleBinding',
    metadata,
    roleRef: { apiGroup: group, kind: 'Role', name },
    subjects: [{ kind: 'ServiceAccount', name, namespace }],
  });
  const { status } = await admin.must('POST', `/api/v1/namespaces/${namespace}/serviceaccounts/${name}/token`, {
    apiVersion: 'authentication.k8s.io/v1',
    kind: 'TokenRequest',
    metadata,
    spec: { expirationSeconds: 3_600 },
  });
  return { ...admin.access, token: status.token };
}
